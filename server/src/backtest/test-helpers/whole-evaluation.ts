import { isQualityReason, qualityFromSparkplug } from '@plantroom/contracts';
import { type AlarmRule, evaluateRule, initialRuleState, usable } from '../../domain/alarms/condition.ts';
import type { HistorianSample, QualityChange } from '../../historian/historian.ts';
import type { ValueKind } from '../bucket-bounds.ts';
import type { Occurrence } from '../occurrence-recorder.ts';

interface Question {
  rule: AlarmRule;
  kind: ValueKind;
  samples: readonly HistorianSample[];
  quality: readonly QualityChange[];
  fromMs: number;
  toMs: number;
}

/**
 * The definition of a backtest, written the slow and obvious way: every sample and every change of quality in order of time, one by one through the
 * live rule. The part before the range is its newest sample and the quality in force.
 */
export function wholeEvaluation({ rule, kind, samples, quality, fromMs, toMs }: Question): Occurrence[] {
  const events = eventsOf(samples, quality, { fromMs, toMs });
  const occurrences: Occurrence[] = [];
  let state = initialRuleState;
  let open: Occurrence | null = null;
  let seen: number[] = [];
  const take = (input: Parameters<typeof evaluateRule>[2]): void => {
    const result = evaluateRule(rule, state, input);
    for (const edge of result.edges) {
      if (edge.type === 'raised')
        open = { onsetMs: edge.onsetMs, raisedMs: edge.atMs, returnedMs: null, low: null, high: null };
      else if (open !== null) {
        occurrences.push({ ...open, returnedMs: edge.atMs, ...extremes(seen) });
        open = null;
        seen = [];
      }
    }
    state = result.state;
    if (!state.holds && !state.active) seen = [];
  };
  for (const { atMs, value, isUsable } of events) {
    const read = value === null ? null : kind === 'boolean' ? value !== 0 : value;
    take({ type: 'reading', atMs, value: isUsable ? read : null, quality: isUsable ? 'good' : 'bad' });
    if (isUsable && state.holds && value !== null) seen.push(value);
  }
  take({ type: 'time', atMs: toMs });
  if (open !== null) occurrences.push({ ...(open as Occurrence), ...extremes(seen) });
  return occurrences.filter(({ returnedMs }) => returnedMs === null || returnedMs > fromMs);
}

const extremes = (values: readonly number[]) => ({ low: Math.min(...values), high: Math.max(...values) });

interface Event {
  atMs: number;
  value: number | null;
  isUsable: boolean;
  /** Its device is not there. */
  isAway: boolean;
}

/** What becomes known of a point, in order of time. */
export function eventsOf(
  samples: readonly HistorianSample[],
  quality: readonly QualityChange[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Event[] {
  const ofRange = <T extends { timeMs: number }>(all: readonly T[]): T[] => {
    const sorted = all.filter(({ timeMs }) => timeMs < toMs).sort((a, b) => a.timeMs - b.timeMs);
    const newest = sorted.findLast(({ timeMs }) => timeMs < fromMs);
    return sorted.filter((each) => each.timeMs >= fromMs || each === newest);
  };
  const values = new Map(ofRange(samples).map(({ timeMs, value }) => [timeMs, value]));
  const marks = new Map(ofRange(quality).map((mark) => [mark.timeMs, mark]));
  const times = [...new Set([...values.keys(), ...marks.keys()])].sort((a, b) => a - b);
  const events: Event[] = [];
  let last: number | null = null;
  let standing: 'usable' | 'unusable' | 'lost' = 'usable';
  for (const atMs of times) {
    const value = values.get(atMs);
    const mark = marks.get(atMs);
    const isAway = mark?.reason === 'comm-lost';
    const says = mark === undefined ? null : markSays(mark);
    if (value !== undefined) {
      if (standing === 'lost') standing = 'usable';
      if (says !== null && says !== 'lost') standing = says;
      last = value;
      events.push({ atMs, value, isUsable: standing === 'usable', isAway: false });
      if (says === 'lost') {
        standing = 'lost';
        events.push({ atMs, value: null, isUsable: false, isAway });
      }
    } else if (says !== null) {
      standing = says;
      // Before the range it is the quality of the newest sample, and nothing of its own.
      if (atMs < fromMs && [...values.keys()].some((other) => other > atMs && other < fromMs)) continue;
      events.push({ atMs, value: last, isUsable: says === 'usable' && last !== null, isAway });
    }
  }
  return events;
}

function markSays({ code, reason }: QualityChange): 'usable' | 'unusable' | 'lost' {
  if (code === 0) return 'lost';
  return usable(qualityFromSparkplug(code), reason !== null && isQualityReason(reason) ? reason : undefined)
    ? 'usable'
    : 'unusable';
}
