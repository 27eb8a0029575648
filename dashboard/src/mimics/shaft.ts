/** Floors of a shaft from the bottom; there is no floor 0 between B1 and 1. Unknown ends are taken from where the car is. */
export function shaftFloors(known: { floor: number | null; lowest: number | null; highest: number | null }): number[] {
  const car = Math.round(known.floor ?? 1);
  const lowest = Math.min(known.lowest ?? 1, car);
  const highest = Math.max(known.highest ?? 10, car, lowest + 1);
  const floors: number[] = [];
  for (let floor = lowest; floor <= highest && floors.length < 200; floor += 1)
    if (floor !== 0 || car === 0) floors.push(floor);
  return floors;
}

/** Canonical door codes (BACnet Lift): 0 closed, 1 opened, 6 closing, 7 opening, 8 safety locked, 9 limited; null: not known or faulty. */
export function doorOpening(code: number | null): number | null {
  if (code === 0 || code === 8) return 0;
  if (code === 1) return 1;
  if (code === 6 || code === 7 || code === 9) return 0.5;
  return null;
}
