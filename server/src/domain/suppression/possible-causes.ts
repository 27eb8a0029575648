import type { AlarmDefinition, AlarmSelection, SuppressionEdge, SuppressionGroup } from '@plantroom/contracts';
import { type AlarmPlace, interlocksOf, type PlantGraph, ruleOf, suppliersOf, wholesOf } from './plant-graph.ts';

export type HiddenPart = NonNullable<SuppressionGroup['hides']>;

/** An alarm that by design suppresses another one while it stands. */
export interface PossibleCause {
  id: string;
  /** For so long after its return as well; the longest of the groups that name the alarm. */
  settleMs: number;
  /** It is the cause only if it reaches the equipment, see `reaching`; else the two belong together anyhow. */
  overDependants: boolean;
}

/** Everything that may suppress an alarm, or withhold its order, whatever it does now. Empty for life safety. */
export function possibleCauses(
  graph: PlantGraph,
  definition: AlarmDefinition,
  what: HiddenPart = 'alarm',
): PossibleCause[] {
  if (definition.lifeSafety) return [];
  const place = graph.placeOf(definition);
  const found = new Map<string, PossibleCause>();
  const look = (owner: string | null, edge: SuppressionEdge): void => {
    if (owner === null) return;
    for (const cause of graph.suppressorsOf(owner)) {
      if (cause.id === definition.id) continue;
      for (const { over, alarms, hides = 'alarm', settleMs } of cause.suppresses ?? []) {
        if (hides !== what || !over.includes(edge) || !isSelected(graph, { definition, place }, alarms)) continue;
        const held = found.get(cause.id);
        found.set(cause.id, {
          id: cause.id,
          settleMs: Math.max(settleMs, held?.settleMs ?? 0),
          overDependants: edge === 'dependants' && held?.overDependants !== false,
        });
      }
    }
  };
  for (const owner of shared(place, (one) => [one])) look(owner, 'equipment');
  for (const owner of shared(place, (one) => wholesOf(graph, one))) look(owner, 'parts');
  for (const owner of shared(place, (one) => suppliersOf(graph, one))) look(owner, 'dependants');
  for (const owner of shared(place, (one) => interlocksOf(graph, one))) look(owner, 'interlocked');
  look(place.device, 'device');
  look(place.connection, 'connection');
  look(place.gateway, 'gateway');
  return [...found.values()];
}

/** What all equipment of the alarm have in common: a device that serves several is only then explained. */
function shared(place: AlarmPlace, of: (equipment: string) => Iterable<string>): Set<string> {
  const [first, ...others] = place.equipment.map((one) => new Set(of(one)));
  return new Set([...(first ?? [])].filter((one) => others.every((other) => other.has(one))));
}

function isSelected(
  graph: PlantGraph,
  { definition, place }: { definition: AlarmDefinition; place: AlarmPlace },
  selection: AlarmSelection | undefined,
): boolean {
  if (selection === undefined) return true;
  const { classes, rules, conditions } = selection;
  if (classes !== undefined && !place.equipment.every((one) => classes.includes(graph.node(one)?.class ?? '')))
    return false;
  if (rules !== undefined && !rules.includes(ruleOf(definition.id))) return false;
  return conditions === undefined || conditions.includes(definition.condition.type);
}
