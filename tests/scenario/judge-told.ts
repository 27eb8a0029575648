import { parseDuration } from '@plantroom/device-profiles';
import type { ExpectedAlarm, Scenario, Window } from './file/schema.ts';
import { clock } from './judge.ts';
import type { SeenTold } from './told.ts';

/**
 * Behind the end of an alarm's window by wire time: what is urgent goes at once, the rest is gathered for 30 s, and an alarm that may follow from
 * another one has waited for it for 30 s before. A poll and the gateway's report lie between.
 */
const urgentMs = 1_000;
const gatheredMs = 65_000;
/** In a flood of alarms what is not urgent comes with the next summary. */
const floodMs = 300_000;
/** What is about life is told again so often until somebody acknowledges. */
const repeatMs = 300_000;
const slackMs = 1_000;

/**
 * Pure. Everybody who has duty is told of each announced alarm once, in time, again and again of what is about life, and of nothing that was
 * suppressed, a test, or over when it was found.
 */
export function toldComplaints(scenario: Scenario, seen: readonly SeenTold[]): string[] {
  const first = seen.filter((one, i) => !seen.slice(0, i).some((before) => isSame(before, one)));
  const endMs = parseDuration(scenario.duration);
  const complaints: string[] = [];
  const left = [...first];
  const expected = scenario.expect.alarms.flatMap((alarm) =>
    tellingsOf(alarm).map((window) => ({ alarm: alarm.alarm, ...window })),
  );
  for (const { alarm, fromMs, toMs } of expected.sort((a, b) => a.toMs - b.toMs)) {
    const at = left.findIndex(
      (one) => one.alarm === alarm && one.toldMs >= fromMs && one.toldMs <= toMs + allowed(one),
    );
    if (at !== -1) {
      left.splice(at, 1);
      continue;
    }
    // It may still be gathered.
    if (toMs + gatheredMs >= endMs) continue;
    const others = left.filter((one) => one.alarm === alarm).map(({ toldMs }) => clock(toldMs));
    const instead = others.length === 0 ? 'nobody was' : `they were at ${others.join(', ')}`;
    complaints.push(`of ${alarm} people were to be told between ${clock(fromMs)} and ${clock(toMs)}; ${instead}`);
  }
  for (const { alarm, toldMs } of left)
    complaints.push(`people were told of ${alarm} at ${clock(toldMs)}; nobody was to be`);
  for (const one of first) complaints.push(...repeatComplaints(one, { scenario, seen, endMs }));
  return complaints;
}

function tellingsOf({ test, historical, suppressed, shown, told, ...window }: ExpectedAlarm) {
  const spans = told ?? (test || historical ? [] : suppressed === undefined ? [window] : shown ? [shown] : []);
  return spans.map(({ after, before }: Window) => ({ fromMs: parseDuration(after), toMs: parseDuration(before) }));
}

const allowed = ({ urgent, inFlood }: SeenTold): number =>
  urgent ? urgentMs : inFlood ? gatheredMs + floodMs : gatheredMs;

const isSame = (a: SeenTold, b: SeenTold): boolean =>
  a.alarm === b.alarm && a.occurrence === b.occurrence && a.atMs === b.atMs;

function repeatComplaints(
  first: SeenTold,
  { scenario, seen, endMs }: { scenario: Scenario; seen: readonly SeenTold[]; endMs: number },
): string[] {
  const { alarm, lifeSafety, toldMs } = first;
  const repeats = seen.filter((one) => one !== first && isSame(first, one));
  const name = `of ${alarm}, told at ${clock(toldMs)},`;
  if (!lifeSafety) return repeats.map((one) => `${name} people were told again at ${clock(one.toldMs)}`);
  const answered = (scenario.operators ?? [])
    .filter((act) => 'alarm' in act && act.alarm === alarm && act.do === 'acknowledge')
    .map(({ at }) => parseDuration(at))
    .find((ms) => ms >= toldMs);
  // What is announced anew begins anew.
  const anew = seen.find((one) => one.alarm === alarm && one.toldMs > toldMs && !isSame(first, one))?.toldMs;
  const lastMs = Math.min(answered ?? endMs, anew ?? endMs, endMs);
  const complaints: string[] = [];
  let before = toldMs;
  for (const { toldMs: ms } of repeats) {
    if (Math.abs(ms - before - repeatMs) > slackMs && !isDown(scenario, before, ms))
      complaints.push(`${name} people were told again at ${clock(ms)}; it was to be five minutes after the last time`);
    if (ms > lastMs + slackMs) complaints.push(`${name} people were told again at ${clock(ms)}, when it was answered`);
    before = ms;
  }
  if (lastMs - before > repeatMs + slackMs && !isDown(scenario, before, lastMs))
    complaints.push(`${name} nobody was told again after ${clock(before)}, and nobody had answered`);
  return complaints;
}

/** A server that is not there tells nobody; of what it missed it tells the last only. */
function isDown({ line = [] }: Scenario, fromMs: number, toMs: number): boolean {
  return line.some(
    (event) =>
      'restart' in event &&
      event.restart === 'server' &&
      parseDuration(event.at) <= toMs &&
      parseDuration(event.until ?? event.at) >= fromMs,
  );
}
