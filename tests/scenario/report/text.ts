import type { LocalText } from '@plantroom/contracts';

const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => signs[sign] ?? sign);
}

/** Both languages; the page shows one of them. */
export function both({ zh, en }: LocalText): string {
  return `<span class="zh" lang="zh-CN">${escaped(zh)}</span><span class="en" lang="en">${escaped(en)}</span>`;
}

/** The same inside SVG. */
export function bothInSvg({ zh, en }: LocalText): string {
  return `<tspan class="zh">${escaped(zh)}</tspan><tspan class="en">${escaped(en)}</tspan>`;
}

/** 1 d 02:05:12, since the start of the scenario. */
export function timeText(ms: number): string {
  const s = Math.floor(Math.abs(ms) / 1000);
  const two = (n: number): string => String(n).padStart(2, '0');
  const days = Math.floor(s / 86_400);
  const clock = `${two(Math.floor((s % 86_400) / 3600))}:${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}`;
  return `${ms < 0 ? '−' : ''}${days > 0 ? `${days} d ` : ''}${clock}`;
}

/** A span of time with one unit. */
export function spanText(ms: number): string {
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 7_200_000) return `${(ms / 60_000).toFixed(1)} min`;
  return ms < 172_800_000 ? `${(ms / 3_600_000).toFixed(1)} h` : `${(ms / 86_400_000).toFixed(1)} d`;
}

export const words = {
  title: { zh: '场景验证报告', en: 'Scenario report' },
  scenario: { zh: '场景', en: 'Scenario' },
  result: { zh: '结论', en: 'Result' },
  passed: { zh: '符合', en: 'as expected' },
  failed: { zh: '不符', en: 'not as expected' },
  notPlayed: { zh: '未能运行', en: 'could not be played' },
  simulated: { zh: '模拟时长', en: 'Simulated' },
  wall: { zh: '耗时', en: 'Wall time' },
  alarms: { zh: '告警', en: 'Alarms' },
  orders: { zh: '工单', en: 'Work orders' },
  told: { zh: '通知', en: 'Notifications' },
  falseOnes: { zh: '误报', en: 'False' },
  seenOf: { zh: '实际 / 预期', en: 'seen / expected' },
  lead: { zh: '发现用时', en: 'Told after' },
  faults: { zh: '故障', en: 'Faults' },
  activities: { zh: '作业', en: 'Activities' },
  line: { zh: '链路', en: 'Line' },
  operators: { zh: '人员操作', en: 'Operators' },
  expected: { zh: '预期', en: 'Expected' },
  came: { zh: '出现', en: 'Came' },
  returned: { zh: '恢复', en: 'Returned' },
  stands: { zh: '未恢复', en: 'stands' },
  unexpected: { zh: '未预期', en: 'not expected' },
  missing: { zh: '未出现', en: 'did not come' },
  historical: { zh: '事后补录', en: 'found afterwards' },
  opened: { zh: '开单', en: 'Opened' },
  reopened: { zh: '重开', en: 'Reopened' },
  state: { zh: '状态', en: 'State' },
  timeline: { zh: '时间线', en: 'Timeline' },
  trends: { zh: '趋势（真实值）', en: 'Trends (true values)' },
  quiet: { zh: '没有告警，也没有工单。', en: 'No alarm and no work order.' },
  seed: { zh: '随机种子', en: 'Seed' },
  start: { zh: '开始', en: 'Start' },
  settle: { zh: '预热', en: 'Settling' },
} as const satisfies Record<string, LocalText>;
