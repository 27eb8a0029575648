import type { AlarmPriority, AlarmState, JournalDetails, LocalText, ShelvingMode } from '@plantroom/contracts';

const text = (zh: string, en: string): LocalText => ({ zh, en });

/** Columns of an exported journal, in this order. */
export const journalHeadings = {
  seq: text('序号', 'No.'),
  happened: text('发生时间', 'Happened'),
  recorded: text('记录时间', 'Recorded'),
  priority: text('优先级', 'Priority'),
  lifeSafety: text('生命安全', 'Life safety'),
  action: text('事件', 'Action'),
  name: text('告警', 'Alarm'),
  equipment: text('设备', 'Equipment'),
  stateBefore: text('原状态', 'State before'),
  stateAfter: text('新状态', 'State after'),
  value: text('数值', 'Value'),
  user: text('操作人', 'User'),
  comment: text('备注', 'Comment'),
  details: text('详情', 'Details'),
  historical: text('事后补记', 'Historical'),
  alarmId: text('告警编号', 'Alarm id'),
  equipmentId: text('设备编号', 'Equipment id'),
  occurrence: text('发生编号', 'Occurrence'),
  happenedUtc: text('发生时间（UTC）', 'Happened (UTC)'),
  recordedUtc: text('记录时间（UTC）', 'Recorded (UTC)'),
} as const satisfies Record<string, LocalText>;
export type JournalColumn = keyof typeof journalHeadings;

/** By name; an action that is missing here goes out under its own. */
export const journalActionWords: Readonly<Record<string, LocalText>> = {
  activated: text('触发', 'activated'),
  reactivated: text('再次触发', 'activated again'),
  acknowledged: text('确认', 'acknowledged'),
  returned: text('恢复', 'returned to normal'),
  latched: text('锁存', 'latched'),
  reset: text('复位', 'reset'),
  closed: text('结束', 'closed'),
  uncertain: text('信号不可靠', 'signal uncertain'),
  certain: text('信号恢复可靠', 'signal certain again'),
  configured: text('修改设置', 'settings changed'),
  'order-opened': text('生成工单', 'order opened'),
  'order-appended': text('并入工单', 'order appended'),
  'order-withheld': text('工单暂缓', 'order withheld'),
  corrected: text('时间更正', 'time corrected'),
  shelved: text('搁置', 'shelved'),
  unshelved: text('取消搁置', 'unshelved'),
  'shelving-expired': text('搁置结束', 'shelving expired'),
  suppressed: text('设计抑制', 'suppressed by design'),
  unsuppressed: text('抑制解除', 'no longer suppressed'),
  'out-of-service': text('停用', 'taken out of service'),
  'returned-to-service': text('恢复启用', 'returned to service'),
  're-alarmed': text('再次告警', 're-alarmed'),
  'severity-raised': text('优先级升高', 'severity raised'),
  commented: text('备注', 'commented'),
  'review-due': text('停用待复核', 'review due'),
  'test-started': text('开始测试', 'test mode started'),
  'test-extended': text('更改测试时限', 'end of test mode changed'),
  'test-expired': text('测试到期', 'test mode expired'),
  'test-ended': text('测试结束', 'test mode ended'),
  'flood-began': text('告警泛滥开始', 'alarm flood began'),
  'flood-ended': text('告警泛滥结束', 'alarm flood ended'),
};

export const alarmStateWords: Record<AlarmState, LocalText> = {
  NORM: text('正常', 'normal'),
  UNACK: text('未确认', 'unacknowledged'),
  ACKED: text('已确认', 'acknowledged'),
  RTNUN: text('已恢复未确认', 'returned, unacknowledged'),
  'LATCHED-UNACK': text('锁存未确认', 'latched, unacknowledged'),
  'LATCHED-ACK': text('锁存', 'latched'),
  SHLVD: text('搁置', 'shelved'),
  DSUPR: text('设计抑制', 'suppressed by design'),
  OOSRV: text('停用', 'out of service'),
};

export const priorityWords: Record<AlarmPriority, LocalText> = {
  critical: text('紧急', 'critical'),
  high: text('重要', 'high'),
  medium: text('一般', 'medium'),
  low: text('提示', 'low'),
};

/** What an action says beside its comment, in this order. */
export const detailWords: Record<keyof JournalDetails, LocalText> = {
  mode: text('搁置方式', 'shelving'),
  untilMs: text('至', 'until'),
  cause: text('起因', 'cause'),
  firstOut: text('首发告警', 'first-out'),
  approver: text('批准人', 'approved by'),
  workOrder: text('工单', 'work order'),
  reviewMs: text('复核时间', 'review'),
  priorityBefore: text('原优先级', 'priority before'),
  test: text('测试', 'test'),
  flood: text('泛滥告警数', 'alarms in the flood'),
  withdrawn: text('告警已取消', 'alarm withdrawn'),
};

export const shelvingModeWords: Record<ShelvingMode, LocalText> = {
  timed: text('限时', 'timed'),
  'one-shot': text('单次', 'one shot'),
};

export const yesWord = text('是', 'yes');
export const noWord = text('否', 'no');
