import { type Alarm, type AlarmPriority, type AlarmState, alarmPriorities, priorityNumber } from '@plantroom/contracts';

export interface ShapeLook {
  flash: boolean;
  hollow: boolean;
  /** Of shelved (S), suppressed by design (D), out of service (O), test (T). */
  letter: 'S' | 'D' | 'O' | 'T' | null;
}

/** What is shown of an alarm: its state, or that it is a test. */
export type ShownState = AlarmState | 'TEST';

const looks: Record<ShownState, ShapeLook> = {
  NORM: { flash: false, hollow: true, letter: null },
  UNACK: { flash: true, hollow: false, letter: null },
  ACKED: { flash: false, hollow: false, letter: null },
  RTNUN: { flash: true, hollow: true, letter: null },
  'LATCHED-UNACK': { flash: true, hollow: true, letter: null },
  'LATCHED-ACK': { flash: false, hollow: true, letter: null },
  SHLVD: { flash: false, hollow: true, letter: 'S' },
  DSUPR: { flash: false, hollow: true, letter: 'D' },
  OOSRV: { flash: false, hollow: true, letter: 'O' },
  TEST: { flash: false, hollow: true, letter: 'T' },
};

/** `testMode` left out: it is real. */
export function shownState({ state, testMode }: Pick<Alarm, 'state'> & Partial<Pick<Alarm, 'testMode'>>): ShownState {
  return (testMode ?? null) === null || quiet.includes(state) ? state : 'TEST';
}

export function shapeLook(state: ShownState): ShapeLook {
  return looks[state];
}

export function needsAck(alarm: Pick<Alarm, 'state'>): boolean {
  return alarm.state === 'UNACK' || alarm.state === 'RTNUN' || alarm.state === 'LATCHED-UNACK';
}

export function canReset(alarm: Pick<Alarm, 'flags' | 'state'>): boolean {
  return alarm.state === 'LATCHED-ACK' || (alarm.flags.latched && !alarm.flags.active && alarm.flags.acked);
}

const quiet: readonly AlarmState[] = ['SHLVD', 'DSUPR', 'OOSRV', 'NORM'];

/** Shown to the operator as something to look at; the rest has been taken out of the way by decision. */
export function isAnnounced(alarm: Pick<Alarm, 'state'> & Partial<Pick<Alarm, 'testMode'>>): boolean {
  return shownState(alarm) !== 'TEST' && !quiet.includes(alarm.state);
}

function rank(alarm: Alarm): number {
  const life = alarm.lifeSafety ? 0 : 100;
  const announced = isAnnounced(alarm) ? 0 : 1000;
  const state = needsAck(alarm) ? 0 : 1;
  return announced + life + priorityNumber[alarm.priority] * 10 + state;
}

/** Life safety, then priority, then unacknowledged first, then the newest. */
export function compareAlarms(a: Alarm, b: Alarm): number {
  return rank(a) - rank(b) || (b.activeMs ?? 0) - (a.activeMs ?? 0) || a.id.localeCompare(b.id);
}

export function worstOf(alarms: readonly Alarm[]): Alarm | undefined {
  let worst: Alarm | undefined;
  for (const alarm of alarms) if (worst === undefined || compareAlarms(alarm, worst) < 0) worst = alarm;
  return worst;
}

export interface PriorityCount {
  priority: AlarmPriority;
  total: number;
  unacked: number;
}

export function countByPriority(alarms: readonly Alarm[]): PriorityCount[] {
  return alarmPriorities.map((priority) => {
    const mine = alarms.filter((alarm) => alarm.priority === priority && isAnnounced(alarm));
    return { priority, total: mine.length, unacked: mine.filter(needsAck).length };
  });
}

/** Equipment id → its alarms. */
export function byEquipment(alarms: readonly Alarm[]): Map<string, Alarm[]> {
  const map = new Map<string, Alarm[]>();
  for (const alarm of alarms) {
    if (alarm.equipment === null) continue;
    const list = map.get(alarm.equipment);
    if (list === undefined) map.set(alarm.equipment, [alarm]);
    else list.push(alarm);
  }
  return map;
}
