import { parseDuration } from '@plantroom/device-profiles';
import type { ExpectedAlarm, ExpectedOrder, Scenario } from './scenario-file.ts';

/** One activation, with its end; times since the start of the scenario by wire time, ms. */
export interface SeenAlarm {
  /** Without the site. */
  alarm: string;
  atMs: number;
  returnedMs: number | null;
}

export interface SeenOrder {
  equipment: string;
  failureMode: string;
  openedMs: number;
}

export interface Verdict {
  complaints: string[];
  /** From the onset of the fault to the alarm that was expected first, by fault; ms. */
  leadMs: Map<string, number>;
}

/** Pure. Whatever was expected came in its time, as often as it was expected, and nothing else came. */
export function judge(
  { expect: { alarms, orders }, faults }: Pick<Scenario, 'expect' | 'faults'>,
  seen: { alarms: readonly SeenAlarm[]; orders: readonly SeenOrder[] },
): Verdict {
  const complaints: string[] = [];
  const left = [...seen.alarms];
  for (const expected of alarms) {
    const at = left.findIndex((one) => one.alarm === expected.alarm && isWithin(one.atMs, expected));
    if (at === -1) {
      const others = left.filter(({ alarm }) => alarm === expected.alarm).map(({ atMs }) => clock(atMs));
      const instead = others.length === 0 ? 'it did not' : `it came at ${others.join(', ')}`;
      complaints.push(`${expected.alarm} was to come between ${expected.after} and ${expected.before}; ${instead}`);
      continue;
    }
    const [found] = left.splice(at, 1);
    if (found !== undefined) complaints.push(...returnComplaints(expected, found));
  }
  for (const { alarm, atMs } of left) complaints.push(`${alarm} came at ${clock(atMs)}; nobody expected it`);
  complaints.push(...orderComplaints(orders, seen.orders));
  const leadMs = new Map<string, number>();
  for (const { equipment, fault, at } of faults) {
    const onsetMs = parseDuration(at);
    const first = Math.min(...seen.alarms.filter(({ atMs }) => atMs >= onsetMs).map(({ atMs }) => atMs));
    if (Number.isFinite(first)) leadMs.set(`${fault} of ${equipment}`, first - onsetMs);
  }
  return { complaints, leadMs };
}

function returnComplaints({ alarm, returns }: ExpectedAlarm, { returnedMs }: SeenAlarm): string[] {
  if (returns === undefined)
    return returnedMs === null ? [] : [`${alarm} returned at ${clock(returnedMs)}; it was to stand`];
  if (returnedMs === null) return [`${alarm} was to return between ${returns.after} and ${returns.before}; it stands`];
  return isWithin(returnedMs, returns)
    ? []
    : [`${alarm} was to return between ${returns.after} and ${returns.before}; it returned at ${clock(returnedMs)}`];
}

function orderComplaints(expected: readonly ExpectedOrder[], seen: readonly SeenOrder[]): string[] {
  const complaints: string[] = [];
  const left = [...seen];
  for (const { equipment, failureMode, before } of expected) {
    const at = left.findIndex((one) => one.equipment === equipment && one.failureMode === failureMode);
    const [found] = at === -1 ? [] : left.splice(at, 1);
    if (found === undefined) complaints.push(`no order for ${failureMode} of ${equipment}`);
    else if (found.openedMs > parseDuration(before))
      complaints.push(
        `the order for ${failureMode} of ${equipment} came at ${clock(found.openedMs)}; it was to come before ${before}`,
      );
  }
  for (const { equipment, failureMode, openedMs } of left)
    complaints.push(`an order for ${failureMode} of ${equipment} came at ${clock(openedMs)}; nobody expected it`);
  return complaints;
}

function isWithin(atMs: number, { after, before }: { after: string; before: string }): boolean {
  return atMs >= parseDuration(after) && atMs <= parseDuration(before);
}

/** 2 h 05 min 12.3 s */
export function clock(ms: number): string {
  const s = ms / 1000;
  const parts = [Math.trunc(s / 3600), Math.trunc((s % 3600) / 60)];
  return `${parts[0]} h ${String(parts[1]).padStart(2, '0')} min ${(s % 60).toFixed(1)} s`;
}
