import type { SiteModel } from '@plantroom/contracts';

interface SchemaError {
  instancePath: string;
  message: string;
}

const supplyPath = /^\/equipment\/\d+\/dependsOn\/\d+(?=\/|$)/;
const shape =
  'is neither the id of an equipment nor { oneOf: [id, id], needs: 1 } with two or more different ids and how many of them it takes';

/** The schema tells a supply that is neither an id nor alternatives by each way in which it is neither; here it is one error. */
export function* oneErrorPerSupply(value: unknown, errors: readonly SchemaError[]): Generator<SchemaError> {
  const told = new Set<string>();
  for (const error of errors) {
    const [path] = supplyPath.exec(error.instancePath) ?? [];
    if (path === undefined) yield error;
    else if (!told.has(path)) {
      told.add(path);
      yield { instancePath: path, message: `${JSON.stringify(at(value, path))} ${shape}` };
    }
  }
}

/** Supplies that name what is not there, themselves, or more alternatives than make sense. */
export function* supplyProblems({ equipment }: SiteModel): Generator<{ path: string; message: string }> {
  const known = new Set(equipment.map(({ id }) => id));
  for (const [item, { id, dependsOn = [] }] of equipment.entries()) {
    const alone = new Set(dependsOn.filter((supply) => typeof supply === 'string'));
    for (const [index, supply] of dependsOn.entries()) {
      const path = `/equipment/${item}/dependsOn/${index}`;
      const named = typeof supply === 'string' ? [supply] : supply.oneOf;
      for (const [place, name] of named.entries()) {
        const where = typeof supply === 'string' ? path : `${path}/oneOf/${place}`;
        if (!known.has(name)) yield { path: where, message: `"${name}" is not known here; there are ${list(known)}` };
        if (typeof supply === 'string') continue;
        if (name === id) yield { path: where, message: `"${name}" cannot stand in for what it depends on itself` };
        if (alone.has(name))
          yield { path: where, message: `"${name}" is needed anyway: it is listed by itself as well` };
      }
      if (typeof supply === 'string' || (supply.needs ?? 1) < supply.oneOf.length) continue;
      const most = supply.oneOf.length - 1;
      yield {
        path: `${path}/needs`,
        message: `needs is ${supply.needs}; allowed: 1 to ${most}. Where all of them are needed they are listed by themselves`,
      };
    }
  }
}

const list = (names: ReadonlySet<string>): string => [...names].join(', ') || 'none';

function at(value: unknown, path: string): unknown {
  let found = value;
  for (const step of path.split('/').slice(1)) found = (found as Record<string, unknown> | undefined)?.[step];
  return found;
}
