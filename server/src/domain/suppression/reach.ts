import type { AlarmDefinition, Supply } from '@plantroom/contracts';
import { type PlantGraph, ruleOf, suppliersOf, wholesOf } from './plant-graph.ts';

/** `is`: it explains, or has returned and settles; `may`: nobody knows yet. */
export type Standing = 'is' | 'may' | 'not';

/** An alarm that explains another one wherever it reaches over the dependants of its equipment. */
export interface Explaining {
  definition: AlarmDefinition;
  standing: Standing;
  /** Whether an equipment in between that would tell of the same has told it. */
  hasTold: (own: AlarmDefinition) => Standing;
}

/** By id of the cause. */
type Reached = ReadonlyMap<string, Standing>;

const rank = { not: 0, may: 1, is: 2 } as const satisfies Record<Standing, number>;
const worse = (a: Standing, b: Standing): Standing => (rank[a] >= rank[b] ? a : b);
export const milder = (a: Standing, b: Standing): Standing => (rank[a] <= rank[b] ? a : b);

/**
 * Pure: which causes reach an equipment over what it depends on. An equipment in between that would tell of the same itself and has not is
 * supplied otherwise: what hangs on a feeder that the generator has taken over does not suffer from the grid. Of alternatives none is a cause by
 * itself: together they are as soon as fewer are left than it takes.
 */
export function reaching(graph: PlantGraph, equipment: string, causes: readonly Explaining[]): Reached {
  // Nothing explains itself, in a ring either.
  const possible = causes.filter(
    ({ definition, standing }) => standing !== 'not' && definition.equipment !== equipment,
  );
  if (possible.length === 0) return new Map();
  const reached = new Map<string, Map<string, Standing>>();
  const at = (id: string): Reached => reached.get(id) ?? new Map();
  const farthestFirst = [...suppliersOf(graph, equipment), equipment].reverse();
  // What reaches an equipment only ever grows: in a ring it is gone round until nothing is added.
  for (let again = true; again; ) {
    again = false;
    for (const id of farthestFirst) {
      const node = graph.node(id);
      const above = [...(node?.dependsOn ?? []).map((supply) => missing(supply, at))];
      if (node?.parent != null) above.push(at(node.parent));
      const own = reached.get(id) ?? new Map<string, Standing>();
      reached.set(id, own);
      for (const cause of possible) {
        const before = own.get(cause.definition.id) ?? 'not';
        const now = worse(before, standingAt(graph, { id, cause, above }));
        if (now === before) continue;
        own.set(cause.definition.id, now);
        again = true;
      }
    }
  }
  const supplies = [equipment, ...wholesOf(graph, equipment)].flatMap((id) => graph.node(id)?.dependsOn ?? []);
  return joined(supplies.map((supply) => missing(supply, at)));
}

/** Whether what hangs on an equipment suffers from a cause: its own, or one from above that it lets through. */
function standingAt(
  graph: PlantGraph,
  { id, cause, above }: { id: string; cause: Explaining; above: readonly Reached[] },
): Standing {
  const { definition, standing, hasTold } = cause;
  if (definition.equipment === id) return standing;
  const told = above.reduce<Standing>((worst, one) => worse(worst, one.get(definition.id) ?? 'not'), 'not');
  if (told === 'not') return told;
  const own = graph.alarmOf(id, ruleOf(definition.id));
  return own === undefined ? told : milder(told, hasTold(own));
}

/** What is lost with a supply. */
function missing(supply: Supply, at: (id: string) => Reached): Reached {
  if (typeof supply === 'string') return at(supply);
  const each = supply.oneOf.map(at);
  const lost = each.map((one) => [...one.values()].reduce(worse, 'not')).sort((a, b) => rank[b] - rank[a]);
  const together = lost[supply.oneOf.length - supply.needs] ?? 'not';
  if (together === 'not') return new Map();
  return new Map([...joined(each)].map(([id, standing]) => [id, milder(standing, together)]));
}

function joined(all: readonly Reached[]): Map<string, Standing> {
  const worst = new Map<string, Standing>();
  for (const one of all) for (const [id, standing] of one) worst.set(id, worse(worst.get(id) ?? 'not', standing));
  return worst;
}
