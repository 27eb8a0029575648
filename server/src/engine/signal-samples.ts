import type { PointValue, Quality, QualityReason } from '@plantroom/contracts';
import { usable } from '../domain/alarms/condition.ts';
import type { Sample } from '../domain/alarms/signal-nodes.ts';
import type { Plant } from './plant.ts';
import type { RuleEntry } from './rule-book.ts';
import { feedsOf } from './rule-feeds.ts';

/** What is known of a point; `atMs` is wire time. */
export interface Known {
  atMs: number;
  value: PointValue;
  quality: Quality;
  reason?: QualityReason | undefined;
}

/** What a reading is to a rule that looks at several points. */
export function sampleOf(entry: RuleEntry, point: string, known: Known, plant: Plant): Sample {
  const operand = entry.plan?.points.indexOf(point) ?? 0;
  const sample: Sample = {
    operand,
    atMs: known.atMs,
    value: known.value,
    usable: usable(known.quality, known.reason),
  };
  if (feedsOf(entry, plant).away[operand]) sample.away = true;
  return sample;
}
