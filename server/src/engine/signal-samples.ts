import type { PointValue, Quality, QualityReason } from '@plantroom/contracts';
import { usable } from '../domain/alarms/condition.ts';
import type { Sample } from '../domain/alarms/signal-nodes.ts';
import type { Plant } from './plant.ts';
import type { RuleEntry } from './rule-book.ts';

/** What is known of a point; `atMs` is wire time. */
export interface Known {
  atMs: number;
  value: PointValue;
  quality: Quality;
  reason?: QualityReason | undefined;
}

/** What a reading is to a rule that looks at several points. */
export function sampleOf({ plan }: RuleEntry, point: string, known: Known, plant: Plant): Sample {
  const place = plant.points.get(point);
  const isAway =
    place !== undefined &&
    (plant.devices.get(place.device)?.online === false || plant.gateways.get(place.gateway)?.online === false);
  return {
    operand: plan?.points.indexOf(point) ?? 0,
    atMs: known.atMs,
    value: known.value,
    usable: usable(known.quality, known.reason),
    ...(isAway ? { away: true } : {}),
  };
}
