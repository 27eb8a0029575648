import { type OperatingPosition, positionOf, type System } from '@plantroom/contracts';

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
