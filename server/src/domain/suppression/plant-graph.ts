import type { AlarmDefinition } from '@plantroom/contracts';

/** One equipment with its edges, as the site file has them. */
export interface GraphNode {
  class: string;
  parent: string | null;
  dependsOn: readonly string[];
}

/** Where the source of an alarm hangs. Ids; null and empty: nowhere of that kind. */
export interface AlarmPlace {
  /** What the alarm is about; of a device, everything that it serves. */
  equipment: readonly string[];
  device: string | null;
  connection: string | null;
  gateway: string | null;
}

/** The plant as suppression sees it. */
export interface PlantGraph {
  node(equipment: string): GraphNode | undefined;
  placeOf(definition: AlarmDefinition): AlarmPlace;
  /** Alarms that suppress something, of one equipment, device, connection or gateway. */
  suppressorsOf(owner: string): readonly AlarmDefinition[];
  /** The alarm of this rule that an equipment has itself. */
  alarmOf(equipment: string, rule: string): AlarmDefinition | undefined;
}

/** Name of the rule within its class. */
export function ruleOf(id: string): string {
  return id.slice(id.lastIndexOf('#') + 1);
}

/** What it is a part of, and what that is a part of; without itself. */
export function wholesOf(graph: PlantGraph, equipment: string): string[] {
  const wholes: string[] = [];
  for (let at = graph.node(equipment)?.parent; at != null && at !== equipment && !wholes.includes(at); ) {
    wholes.push(at);
    at = graph.node(at)?.parent;
  }
  return wholes;
}

/** The outermost whole: equipment with one family belong together. */
export function familyOf(graph: PlantGraph, equipment: string): string {
  return wholesOf(graph, equipment).at(-1) ?? equipment;
}

/**
 * What an equipment depends on, directly or by way of others and of what they are parts of. `isOpen`: whether the way goes on above this
 * equipment; left out: always.
 */
export function suppliersOf(
  graph: PlantGraph,
  equipment: string,
  isOpen: (equipment: string) => boolean = () => true,
): Set<string> {
  const found = new Set<string>();
  const seen = new Set([`${equipment} `]);
  const open: { id: string; depends: boolean }[] = [{ id: equipment, depends: false }];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    const { id, depends } = step;
    const node = graph.node(id);
    if (node === undefined || (depends && !isOpen(id))) continue;
    const go = (to: string, isDependent: boolean): void => {
      const key = `${to} ${isDependent ? 'd' : ''}`;
      if (seen.has(key)) return;
      seen.add(key);
      if (isDependent && to !== equipment) found.add(to);
      open.push({ id: to, depends: isDependent });
    };
    if (node.parent !== null) go(node.parent, depends);
    for (const to of node.dependsOn) go(to, true);
  }
  return found;
}
