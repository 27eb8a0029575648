import type { CommandRequest, CommandValue } from '@plantroom/contracts';
import { mayBeWritten } from '@plantroom/device-profiles';
import type { ServerCatalog } from '../engine/catalog.ts';
import type { Plant, PointPlace } from '../engine/plant.ts';
import { AccessError } from '../plugins/app/auth.ts';

/** The point of a request that may be carried out. Throws AccessError with what forbids it, in words. */
export function commandedPoint(
  { point: id, value }: CommandRequest,
  { plant, catalog }: { plant: Plant; catalog: ServerCatalog },
): PointPlace {
  const point = plant.points.get(id);
  if (point === undefined) throw new AccessError(404, 'NOT_FOUND', `no point "${id}"`, 'point');
  const place = plant.equipment.get(point.equipment);
  const forbidden = readOnlyClass(point.equipment, { plant, catalog }) ?? (point.class === null ? 'unknown' : null);
  if (forbidden !== null)
    throw new AccessError(
      403,
      'COMMAND_READ_ONLY',
      `"${id}" is of class ${forbidden}, which has no write path`,
      'point',
    );
  if (point.write === null)
    throw new AccessError(
      409,
      'COMMAND_NOT_WRITABLE',
      `"${id}" cannot be written: its device profile does not let it`,
      'point',
    );
  const { kind } = catalog.classes.get(place?.class ?? '')?.points[id.split('/')[2] ?? ''] ?? { kind: 'number' };
  const wrong = wrongValue(value, kind, point.write);
  if (wrong !== null) throw new AccessError(400, 'COMMAND_VALUE', `${JSON.stringify(value)} ${wrong}`, 'value');
  return point;
}

/**
 * The class for which nothing of this equipment may be written; null: none. What any of its points was born as counts too: a later birth
 * under another class, or another gateway, is no way in.
 */
export function readOnlyClass(
  equipment: string,
  { plant, catalog }: { plant: Plant; catalog: ServerCatalog },
): string | null {
  const classes = [plant.equipment.get(equipment)?.class ?? 'unknown'];
  for (const { class: born } of plant.pointsOf(equipment)) if (born !== null) classes.push(born);
  const mayNot = (name: string): boolean => {
    const known = catalog.classes.get(name);
    return known === undefined || !mayBeWritten(known);
  };
  return classes.find(mayNot) ?? null;
}

type Kind = 'number' | 'counter' | 'enum' | 'boolean' | 'string';

function wrongValue(value: CommandValue, kind: Kind, range: NonNullable<PointPlace['write']>): string | null {
  const type = kind === 'boolean' || kind === 'string' ? kind : 'number';
  if (typeof value !== type) return `is no ${type}`;
  if (typeof value !== 'number') return null;
  if (kind === 'enum' && !Number.isInteger(value)) return 'is no whole number';
  if (range.values !== null && !range.values.includes(value))
    return `is not allowed; these are: ${range.values.join(', ')}`;
  if (range.min !== null && value < range.min) return `is less than ${range.min}, the least allowed`;
  if (range.max !== null && value > range.max) return `is more than ${range.max}, the most allowed`;
  return null;
}
