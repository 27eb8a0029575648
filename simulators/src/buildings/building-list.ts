import { PlantroomError, type Problem, ProblemsError, Slug } from '@plantroom/contracts';
import Type, { type Static } from 'typebox';
import { mostSeed } from '../environment.ts';
import { readYaml } from '../read-yaml.ts';

const closed = { additionalProperties: false };

const ListedBuilding = Type.Object(
  {
    /** The site of its files. */
    id: Slug,
    /** Left out: the demo building's, with its number. */
    name: Type.Optional(Type.Object({ zh: Type.String(), en: Type.String() }, closed)),
    /** Left out: that of the environment, and its number on top. */
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: mostSeed })),
    /** Where its calendar begins, with offset; left out: now. */
    begin: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT.*(Z|[+-]\\d\\d:\\d\\d)$' })),
    /** Its control interface, and from here on one port for each connection; 0: any free ones. */
    controlPort: Type.Integer({ minimum: 0, maximum: 65_535 }),
    port: Type.Integer({ minimum: 0, maximum: 65_500 }),
  },
  closed,
);
export type ListedBuilding = Static<typeof ListedBuilding>;
const BuildingList = Type.Object({ buildings: Type.Array(ListedBuilding, { minItems: 1 }) }, closed);

/** Ports kept for the connections of one building. */
export const portsEach = 20;
const firstPort = 15_100;
/** Their ports end below those that the system gives out by itself. */
export const mostBuildings = 800;

/** `count` copies of the demo building; `free`: on any free ports. Throws USAGE. */
export function copies(
  count: number,
  options: { prefix: string; controlPort: number; free?: boolean },
): ListedBuilding[] {
  if (!Number.isInteger(count) || count < 1 || count > mostBuildings)
    throw new PlantroomError('USAGE', `the number of buildings is ${count}; allowed: 1 to ${mostBuildings}`);
  const free = options.free === true || options.controlPort === 0;
  return Array.from({ length: count }, (_, i) => ({
    id: `${options.prefix}-${i + 1}`,
    controlPort: free ? 0 : options.controlPort + i,
    port: free ? 0 : firstPort + i * portsEach,
  }));
}

/** Throws BUILDINGS_INVALID with every fault: path, value and what is allowed. */
export function readBuildingList(file: string): ListedBuilding[] {
  const { data, problem } = readYaml(file, BuildingList, 'BUILDINGS_INVALID');
  const problems: Problem[] = [];
  data.buildings.forEach(({ id, controlPort, port }, i) => {
    for (const before of data.buildings.slice(0, i)) {
      if (before.id === id) problems.push(problem(['buildings', i, 'id'], `is "${id}" a second time`));
      if (controlPort !== 0 && before.controlPort === controlPort)
        problems.push(problem(['buildings', i, 'controlPort'], `is ${controlPort}, which ${before.id} has`));
      if (port !== 0 && Math.abs(before.port - port) < portsEach)
        problems.push(
          problem(['buildings', i, 'port'], `is ${port}; allowed: at least ${portsEach} from that of ${before.id}`),
        );
    }
  });
  if (problems.length > 0) throw new ProblemsError('BUILDINGS_INVALID', problems);
  return data.buildings;
}
