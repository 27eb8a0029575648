import type { OperatingPosition } from './alarm-kpi.ts';
import type { System } from './systems.ts';

/**
 * Pure: which of a site's positions an alarm belongs to, by its equipment (null: of a gateway). Equipment that is named goes before its
 * system; what nobody names belongs to the first position.
 */
export function positionOf(
  positions: readonly OperatingPosition[],
  equipment: string | null,
  systemOf: (equipment: string) => System | undefined,
): string {
  const byName = positions.find((position) => equipment !== null && position.equipment.includes(equipment));
  const system = equipment === null ? undefined : systemOf(equipment);
  const bySystem = positions.find((position) => system !== undefined && position.systems.includes(system));
  return (byName ?? bySystem ?? positions[0])?.id ?? '';
}
