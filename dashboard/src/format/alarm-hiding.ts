import type { Alarm } from '@plantroom/contracts';
import { type ShownState, shownState } from './alarm-look.ts';

/** Why an alarm is out of sight, by the state that it shows and the filter of the list that shows it. */
export const hidings = [
  { state: 'SHLVD', filter: 'shelved' },
  { state: 'DSUPR', filter: 'suppressed' },
  { state: 'OOSRV', filter: 'out-of-service' },
  { state: 'TEST', filter: 'test' },
] as const satisfies readonly { state: ShownState; filter: string }[];
export type HidingFilter = (typeof hidings)[number]['filter'];

export interface HidingCount {
  state: (typeof hidings)[number]['state'];
  filter: HidingFilter;
  count: number;
}

/** Nothing is hidden without being counted. */
export function countHidden(alarms: readonly Pick<Alarm, 'state' | 'testMode'>[]): HidingCount[] {
  return hidings.map((hiding) => ({
    ...hiding,
    count: alarms.filter((alarm) => shownState(alarm) === hiding.state).length,
  }));
}

/** When what hides it ends or has to be looked at, server time; null: it does not say. */
export function hiddenUntilMs({ state, shelving, serviceRemoval }: Alarm): number | null {
  if (state === 'SHLVD') return shelving?.untilMs ?? null;
  return state === 'OOSRV' ? (serviceRemoval?.reviewMs ?? null) : null;
}

const minuteMs = 60_000;
const offered = [15 * minuteMs, 60 * minuteMs, 240 * minuteMs];

/** Times for which an alarm can be shelved, the longest last. */
export function shelvingChoices(maxMs: number): number[] {
  return [...offered.filter((ms) => ms < maxMs), maxMs];
}
