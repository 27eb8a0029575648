import { isQualityReason, qualityFromSparkplug } from '@plantroom/contracts';
import { usable } from '../domain/alarms/condition.ts';
import type { QualityMark } from '../historian/series-fold.ts';

/**
 * What a quality change in the history says of the values behind it. `lost`: there is no value, and the next sample is proof that there is one again,
 * because none is written for a bad value. `unusable`: samples may come, but they do not count.
 */
export type Standing = 'usable' | 'unusable' | 'lost';

/** Null: no change is known, which is how good points look that never were otherwise. */
export function standingOf(mark: QualityMark | null): Standing {
  if (mark === null) return 'usable';
  const quality = qualityFromSparkplug(mark.code);
  if (quality === 'bad') return 'lost';
  const reason = mark.reason !== null && isQualityReason(mark.reason) ? mark.reason : undefined;
  return usable(quality, reason) ? 'usable' : 'unusable';
}
