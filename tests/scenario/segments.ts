import { parseDuration } from '@plantroom/device-profiles';
import type { DemoPlant } from './file/demo-plant.ts';
import type { Scenario } from './file/schema.ts';

/** A stretch of a scenario that is played on a line of its own; times since the start of the scenario, ms. */
export interface Segment {
  /** What befalls the building before is played by the model alone; then the line is opened. */
  openMs: number;
  /** Judged from here on; before it the line takes in what stands. */
  fromMs: number;
  toMs: number;
  /** A little longer than it is judged: what happened just before the seam is told a little later. */
  closeMs: number;
}

/** CPU of an hour, as a share of that of a working day through the whole line. */
const cost = { modelAlone: 0.04, workingDay: 1, weekend: 0.86 };
const dayMs = 86_400_000;
/** Seams lie on whole steps of the model and of the recorder. */
const seamGridMs = 600_000;
/** Beyond the longest delay: connecting, births, the first poll of the slowest device. */
const marginMs = 900_000;
const tailMs = 60_000;

/** How long a line has to run until everything that stands has been told on it, ms: the longest delay of an alarm, and some. Pure. */
export function overlapOf({ alarms }: Pick<DemoPlant, 'alarms'>): number {
  const delays = [...alarms.values()].flatMap(({ definition }) => [definition.onDelayMs, definition.offDelayMs]);
  return Math.max(0, ...delays) + marginMs;
}

/** In order; one where the file names none. All of them take about the same time: what lies before a segment costs it the model alone. Pure. */
export function segmentsOf(
  { start, duration, settle, segments: count = 1 }: Pick<Scenario, 'start' | 'duration' | 'settle' | 'segments'>,
  overlapMs: number,
): Segment[] {
  const endMs = parseDuration(duration);
  const settleMs = parseDuration(settle);
  const seams = [-settleMs, ...seamsOf(start, { endMs, count }), endMs];
  return Array.from({ length: count }, (_, i) => {
    const [fromMs = 0, toMs = endMs] = [seams[i], seams[i + 1]];
    return {
      openMs: Math.max(-settleMs, fromMs - (i === 0 ? 0 : Math.max(overlapMs, settleMs))),
      fromMs,
      toMs,
      closeMs: Math.min(endMs, toMs + tailMs),
    };
  });
}

function seamsOf(start: string, { endMs, count }: { endMs: number; count: number }): number[] {
  // Days of the building's own clock.
  const startMs = Date.parse(`${start.slice(0, 19)}Z`);
  const costAt = (ms: number): number =>
    [0, 6].includes(new Date(startMs + ms).getUTCDay()) ? cost.weekend : cost.workingDay;
  /** Seams so that each segment but the last costs so much; the cost of the last. */
  const divided = (each: number): { seams: number[]; rest: number } => {
    const seams: number[] = [];
    let spent = 0;
    for (let ms = 0; ms < endMs; ms += seamGridMs) {
      if (spent >= each && seams.length < count - 1) {
        seams.push(ms);
        spent = (cost.modelAlone * ms) / dayMs;
      }
      spent += (costAt(ms) * seamGridMs) / dayMs;
    }
    return { seams, rest: spent };
  };
  let [low, high] = [0, (2 * endMs) / dayMs / count];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    const { seams, rest } = divided(middle);
    if (seams.length === count - 1 && rest > middle) low = middle;
    else high = middle;
  }
  return divided(low).seams;
}
