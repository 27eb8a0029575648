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

/** CPU of the model alone as a share of CPU of the whole line, as measured over a working day: later segments are shorter by it, so that all end at the same time. */
const modelShare = 0.04;
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

/** In order; one where the file names none. Pure. */
export function segmentsOf(
  { duration, settle, segments: count = 1 }: Pick<Scenario, 'duration' | 'settle' | 'segments'>,
  overlapMs: number,
): Segment[] {
  const endMs = parseDuration(duration);
  const settleMs = parseDuration(settle);
  const rest = 1 - modelShare;
  const seam = (i: number): number => {
    if (i === 0) return -settleMs;
    if (i === count) return endMs;
    return Math.round((endMs * ((1 - rest ** i) / (1 - rest ** count))) / seamGridMs) * seamGridMs;
  };
  return Array.from({ length: count }, (_, i) => ({
    openMs: Math.max(-settleMs, seam(i) - (i === 0 ? 0 : Math.max(overlapMs, settleMs))),
    fromMs: seam(i),
    toMs: seam(i + 1),
    closeMs: Math.min(endMs, seam(i + 1) + tailMs),
  }));
}
