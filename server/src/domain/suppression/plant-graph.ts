import { type AlarmDefinition, type Supply, suppliers } from '@plantroom/contracts';

/** One equipment with its edges, as the site file has them. */
export interface GraphNode {
  class: string;
  parent: string | null;
  dependsOn: readonly Supply[];
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
  /** What switches it by an interlock, directly. */
  interlocksOf(equipment: string): readonly string[];
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

/** What switches it, or what it is a part of, by an interlock. */
export function interlocksOf(graph: PlantGraph, equipment: string): string[] {
  return [equipment, ...wholesOf(graph, equipment)].flatMap((one) => graph.interlocksOf(one));
}

/** The outermost whole: equipment with one family belong together. */
export function familyOf(graph: PlantGraph, equipment: string): string {
  return wholesOf(graph, equipment).at(-1) ?? equipment;
}

/** What an equipment depends on, directly or by way of others and of what they are parts of; alternatives among them. Nearest first. */
export function suppliersOf(graph: PlantGraph, equipment: string): Set<string> {
  const found = new Set<string>();
  const direct = [equipment, ...wholesOf(graph, equipment)].flatMap((id) => suppliers(graph.node(id)?.dependsOn ?? []));
  for (const open = [...direct]; open.length > 0; ) {
    const id = open.shift();
    if (id === undefined || found.has(id)) continue;
    found.add(id);
    const node = graph.node(id);
    if (node?.parent != null) open.push(node.parent);
    open.push(...suppliers(node?.dependsOn ?? []));
  }
  found.delete(equipment);
  return found;
}
