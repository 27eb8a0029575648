import { PlantroomError, parsePointId } from '@plantroom/contracts';
import type { HistorianSample, QualityChange } from './historian.ts';

/** Year 9999: beyond it stores disagree about what a time is. */
const maxTimeMs = Date.UTC(9999, 11, 31);
const codes = [0, 192, 500];

/** Throws VALUE_INVALID or ID_INVALID on the first sample that no store can hold; nothing of the batch is then stored. */
export function checkSamples(samples: readonly HistorianSample[], isKnown: (point: string) => boolean): void {
  for (const { point, timeMs, value } of samples) {
    if (!Number.isFinite(value)) {
      throw new PlantroomError('VALUE_INVALID', `value of ${point} at ${timeMs} is ${value}; allowed: finite numbers`);
    }
    checkTime(point, timeMs);
    if (!isKnown(point)) parsePointId(point);
  }
}

export function checkQuality(quality: readonly QualityChange[], isKnown: (point: string) => boolean): void {
  for (const { point, timeMs, code } of quality) {
    if (!codes.includes(code)) {
      throw new PlantroomError(
        'VALUE_INVALID',
        `quality code of ${point} at ${timeMs} is ${code}; allowed: ${codes.join(', ')}`,
      );
    }
    checkTime(point, timeMs);
    if (!isKnown(point)) parsePointId(point);
  }
}

function checkTime(point: string, timeMs: number): void {
  if (Number.isInteger(timeMs) && timeMs >= 0 && timeMs <= maxTimeMs) return;
  throw new PlantroomError('TIME_INVALID', `time of ${point} is ${timeMs}; allowed: whole ms from 0 to ${maxTimeMs}`);
}
