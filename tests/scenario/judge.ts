import { parseDuration } from '@plantroom/device-profiles';
import type { ExpectedAlarm, ExpectedOrder, Scenario } from './file/schema.ts';

/** One activation, with its end; times since the start of the scenario by wire time, ms. */
export interface SeenAlarm {
  /** Without the site. */
  alarm: string;
  atMs: number;
  returnedMs: number | null;
  /** Found in late data when it was over: nobody was called. */
  historical: boolean;
  /** What suppressed it by design when it came; left out: it was announced. */
  suppressedBy?: string;
  /** When it was announced after all; left out: it was not. */
  shownMs?: number;
  /** It came back within the occurrence of the one before; left out: it began one. */
  again?: true;
  /** Raised in a test mode: nobody was called; left out: it was real. */
  test?: true;
}

export interface SeenOrder {
  id: string;
  equipment: string;
  failureMode: string;
  /** Since the start of the scenario, by server time, ms. */
  openedMs: number;
  closedMs: number | null;
  reopened: number;
  state: string;
}

export interface Seen {
  alarms: readonly SeenAlarm[];
  orders: readonly SeenOrder[];
}

export interface Verdict {
  complaints: string[];
  /** Alarms and orders that nobody expected. */
  falseAlarms: number;
  falseOrders: number;
  /** From the onset of a fault to the first alarm that was expected behind it, by fault; ms. */
  leadMs: Map<string, number>;
}

type Judged = Pick<Scenario, 'expect' | 'faults'>;

/** By which a fault's lead time is kept. */
export function leadName({ equipment, fault }: { equipment: string; fault: string }): string {
  return `${fault} of ${equipment}`;
}

/** Pure. Whatever was expected came in its time, as often as it was expected, and nothing else came. */
export function judge({ expect, faults }: Judged, seen: Seen): Verdict {
  const alarms = judgeAlarms(expect.alarms, seen.alarms);
  const orders = judgeOrders(expect.orders, seen.orders);
  const leadMs = new Map<string, number>();
  for (const { equipment, fault, at } of faults) {
    const onsetMs = parseDuration(at);
    const told = alarms.matched.filter(({ atMs, suppressedBy }) => atMs >= onsetMs && suppressedBy === undefined);
    const first = Math.min(...told.map(({ atMs }) => atMs));
    if (Number.isFinite(first)) leadMs.set(leadName({ equipment, fault }), first - onsetMs);
  }
  return {
    complaints: [...alarms.complaints, ...orders.complaints],
    falseAlarms: alarms.left,
    falseOrders: orders.left,
    leadMs,
  };
}

function judgeAlarms(
  expected: readonly ExpectedAlarm[],
  seen: readonly SeenAlarm[],
): { complaints: string[]; matched: SeenAlarm[]; left: number } {
  const complaints: string[] = [];
  const matched: SeenAlarm[] = [];
  const left = [...seen];
  // Those with little time first: they must not be left with what a wider window has not taken.
  for (const one of [...expected].sort((a, b) => parseDuration(a.before) - parseDuration(b.before))) {
    const at = left.findIndex((candidate) => candidate.alarm === one.alarm && isWithin(candidate.atMs, one));
    const [found] = at === -1 ? [] : left.splice(at, 1);
    if (found === undefined) {
      const others = left.filter(({ alarm }) => alarm === one.alarm).map(({ atMs }) => clock(atMs));
      const instead = others.length === 0 ? 'it did not' : `it came at ${others.join(', ')}`;
      complaints.push(`${one.alarm} was to come between ${one.after} and ${one.before}; ${instead}`);
      continue;
    }
    const whole = withReturns(one, { found, left });
    if ('complaint' in whole) {
      complaints.push(whole.complaint);
      continue;
    }
    matched.push(found);
    complaints.push(...endComplaints(one, whole), ...hidingComplaints(one, found));
  }
  for (const { alarm, atMs } of left) complaints.push(`${alarm} came at ${clock(atMs)}; nobody expected it`);
  return { complaints, matched, left: left.length };
}

/** The first coming with the end of the last one; those in between are taken from `left`. */
function withReturns(
  { alarm, count = 1 }: ExpectedAlarm,
  { found, left }: { found: SeenAlarm; left: SeenAlarm[] },
): SeenAlarm | { complaint: string } {
  let last = found;
  for (let came = 1; came < count; came++) {
    const at = left.findIndex((one) => one.alarm === alarm && one.again === true && one.atMs > last.atMs);
    const [next] = at === -1 ? [] : left.splice(at, 1);
    if (next === undefined)
      return { complaint: `${alarm} was to come ${times(count)} in one occurrence; it came ${times(came)}` };
    last = next;
  }
  return { ...found, returnedMs: last.returnedMs };
}

function endComplaints(expected: ExpectedAlarm, { returnedMs, historical, test }: SeenAlarm): string[] {
  const { alarm, returns } = expected;
  const complaints: string[] = [];
  if (historical !== (expected.historical ?? false))
    complaints.push(
      historical
        ? `${alarm} was only found afterwards; it was to be announced`
        : `${alarm} was announced; it was to be found afterwards`,
    );
  if ((test ?? false) !== (expected.test ?? false))
    complaints.push(
      test ? `${alarm} was a test; it was to be announced` : `${alarm} was announced; it was to be a test`,
    );
  if (returns === undefined) {
    if (returnedMs !== null) complaints.push(`${alarm} returned at ${clock(returnedMs)}; it was to stand`);
  } else if (returnedMs === null || !isWithin(returnedMs, returns)) {
    const instead = returnedMs === null ? 'it stands' : `it returned at ${clock(returnedMs)}`;
    complaints.push(`${alarm} was to return between ${returns.after} and ${returns.before}; ${instead}`);
  }
  return complaints;
}

function hidingComplaints(expected: ExpectedAlarm, { suppressedBy, shownMs }: SeenAlarm): string[] {
  const { alarm, suppressed, shown } = expected;
  const complaints: string[] = [];
  const how = (cause: string | undefined): string => (cause === undefined ? 'announced' : `suppressed by ${cause}`);
  if (suppressedBy !== suppressed)
    complaints.push(`${alarm} was ${how(suppressedBy)}; it was to be ${how(suppressed)}`);
  if (shown === undefined) {
    if (shownMs !== undefined) complaints.push(`${alarm} was shown at ${clock(shownMs)}; it was to stay suppressed`);
  } else if (shownMs === undefined || !isWithin(shownMs, shown)) {
    const instead = shownMs === undefined ? 'it was not' : `it was at ${clock(shownMs)}`;
    complaints.push(`${alarm} was to be shown between ${shown.after} and ${shown.before}; ${instead}`);
  }
  return complaints;
}

function judgeOrders(
  expected: readonly ExpectedOrder[],
  seen: readonly SeenOrder[],
): { complaints: string[]; left: number } {
  const complaints: string[] = [];
  const left = [...seen].sort((a, b) => a.openedMs - b.openedMs);
  for (const { equipment, failureMode, after, before, reopened = 0, state } of expected) {
    const what = `the order for ${failureMode} of ${equipment}`;
    const at = left.findIndex((one) => one.equipment === equipment && one.failureMode === failureMode);
    const [found] = at === -1 ? [] : left.splice(at, 1);
    if (found === undefined) {
      complaints.push(`no order for ${failureMode} of ${equipment}`);
      continue;
    }
    if (found.openedMs > parseDuration(before))
      complaints.push(`${what} came at ${clock(found.openedMs)}; it was to come before ${before}`);
    if (after !== undefined && found.openedMs < parseDuration(after))
      complaints.push(`${what} came at ${clock(found.openedMs)}; it was to come after ${after}`);
    if (found.reopened !== reopened)
      complaints.push(`${what} was opened again ${times(found.reopened)}; it was to be ${times(reopened)}`);
    if (state !== undefined && found.state !== state)
      complaints.push(`${what} is ${found.state} at the end; it was to be ${state}`);
  }
  for (const { equipment, failureMode, openedMs } of left)
    complaints.push(`an order for ${failureMode} of ${equipment} came at ${clock(openedMs)}; nobody expected it`);
  return { complaints, left: left.length };
}

function isWithin(atMs: number, { after, before }: { after: string; before: string }): boolean {
  return atMs >= parseDuration(after) && atMs <= parseDuration(before);
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

/** 2 h 05 min 12.3 s */
export function clock(ms: number): string {
  const sign = ms < 0 ? '-' : '';
  const s = Math.abs(ms) / 1000;
  const parts = [Math.trunc(s / 3600), Math.trunc((s % 3600) / 60)];
  return `${sign}${parts[0]} h ${String(parts[1]).padStart(2, '0')} min ${(s % 60).toFixed(1)} s`;
}
