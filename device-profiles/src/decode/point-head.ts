import type { PointBinding } from '../binding.ts';
import type { ClassPoint } from '../class-schema.ts';

/** What a binding has from the point of its class, however the device delivers it. */
export function pointHead(
  canonical: ClassPoint,
): Pick<PointBinding, 'name' | 'kind' | 'unit' | 'lane' | 'range' | 'deadband'> {
  return {
    name: canonical.name,
    kind: canonical.kind,
    unit: canonical.unit,
    lane: canonical.lane ?? 'live',
    range: canonical.range ?? null,
    deadband: canonical.deadband ?? 0,
  };
}
