import type { OperatingPosition, System } from '@plantroom/contracts';

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

export interface PositionScope {
  positions: readonly OperatingPosition[];
  /** Left out: all of them together. */
  position: string | undefined;
  systemOf: (equipment: string) => System | undefined;
}

/** Whether what happens to an equipment (null: to a gateway) is a position's concern. Asked often: each answer is kept. */
export function concernOf({ positions, position, systemOf }: PositionScope): (equipment: string | null) => boolean {
  if (position === undefined) return () => true;
  const owners = new Map<string | null, string>();
  return (equipment) => {
    const owner = owners.get(equipment) ?? positionOf(positions, equipment, systemOf);
    owners.set(equipment, owner);
    return owner === position;
  };
}
