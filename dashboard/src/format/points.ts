import type { Point } from '@plantroom/contracts';

const kindRank = { number: 0, enum: 1, boolean: 2, counter: 3, string: 4 } as const;

/** Main points in the class's order; a class without any (an unknown device) shows its numbers first. */
export function mainPoints(points: readonly Point[]): Point[] {
  const main = points.filter((point) => point.main);
  if (main.length > 0) return main;
  return [...points].sort((a, b) => kindRank[a.kind] - kindRank[b.kind]);
}

/** What a glance wants first, where the class's own order means something else. */
const glance: Readonly<Record<string, readonly string[]>> = {
  'power-meter': ['power', 'current-l1', 'voltage-ln-average'],
  'booster-pump-set': ['discharge-pressure', 'inlet-pressure', 'flow'],
  elevator: ['floor', 'direction', 'car-load'],
  ahu: ['supply-temperature', 'supply-setpoint', 'supply-fan-speed'],
  actuator: ['position', 'setpoint'],
  chiller: ['evaporator-leaving-temperature', 'evaporator-entering-temperature', 'load'],
  generator: ['engine-state', 'fuel-level', 'battery-voltage'],
  ups: ['load', 'charge', 'runtime'],
  'vav-box': ['relative-flow', 'position', 'setpoint'],
};

/** Main points in the order of a glance. */
export function glancePoints(equipmentClass: string, points: readonly Point[]): Point[] {
  const wanted = glance[equipmentClass] ?? [];
  const main = mainPoints(points);
  const first = wanted.flatMap((slug) => points.find((point) => pointSlug(point) === slug) ?? []);
  return [...first, ...main.filter((point) => !first.includes(point))];
}

/** The point to draw first: a measured quantity rather than a code. */
export function firstCharted(equipmentClass: string, points: readonly Point[]): Point | undefined {
  const numbers = glancePoints(equipmentClass, points).filter((point) => point.kind === 'number');
  return numbers.find((point) => point.unit !== 'none') ?? numbers[0];
}

export function pointSlug(point: Pick<Point, 'id'>): string {
  return point.id.slice(point.id.lastIndexOf('/') + 1);
}

/** The first point that has one of these ids; none matches: the first whose id contains one of them. */
export function findPoint(points: readonly Point[], ...slugs: string[]): Point | undefined {
  for (const slug of slugs) {
    const exact = points.find((point) => pointSlug(point) === slug);
    if (exact !== undefined) return exact;
  }
  for (const slug of slugs) {
    const near = points.find((point) => pointSlug(point).includes(slug));
    if (near !== undefined) return near;
  }
  return undefined;
}
