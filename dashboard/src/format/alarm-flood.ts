import type { Alarm, System } from '@plantroom/contracts';
import type { AlarmGroup } from './alarm-groups.ts';
import { compareAlarms, needsAck } from './alarm-look.ts';

/** So many alarms in one line that opens. `key`: by which it is remembered as open. */
interface Summary {
  key: string;
  alarms: number;
  unacked: number;
  /** How many equipment they are of. */
  units: number;
  /** Whose shape the line has. */
  worst: Alarm;
}

export interface EquipmentSummary extends Summary {
  /** Null: alarms of gateways. */
  equipment: string | null;
  groups: AlarmGroup[];
}

export interface SystemSummary extends Summary {
  /** Null: what belongs to no system. */
  system: System | null;
  equipment: EquipmentSummary[];
}

export interface FloodList {
  /** Each by itself, on top, the worst first. */
  single: AlarmGroup[];
  /** The system with the worst alarm first. */
  systems: SystemSummary[];
}

/**
 * Pure: the list in a flood. Life safety and what is critical stay single and on top, as does what belongs to a position without a flood; the
 * rest is summed up by system and equipment. Nothing is left out. `groups`: as the list has them outside of a flood.
 */
export function summariseFlood(
  groups: readonly AlarmGroup[],
  { isInFlood, systemOf }: { isInFlood: (alarm: Alarm) => boolean; systemOf: (alarm: Alarm) => System | null },
): FloodList {
  const single: AlarmGroup[] = [];
  const bySystem = new Map<System | null, Map<string | null, AlarmGroup[]>>();
  for (const group of groups) {
    const { alarm } = group;
    if (isUrgent(group) || !isInFlood(alarm)) {
      single.push(group);
      continue;
    }
    const system = systemOf(alarm);
    const units = bySystem.get(system) ?? new Map<string | null, AlarmGroup[]>();
    bySystem.set(system, units);
    units.set(alarm.equipment, [...(units.get(alarm.equipment) ?? []), group]);
  }
  const systems = [...bySystem].map(([system, units]) => {
    const equipment = [...units].map(([id, mine]) => ({
      ...summaryOf(`${system}/${id}`, mine),
      equipment: id,
      groups: mine,
    }));
    return { ...summaryOf(`${system}`, [...units.values()].flat()), system, equipment: equipment.sort(byWorst) };
  });
  return { single: single.sort((a, b) => compareAlarms(worstIn([a]), worstIn([b]))), systems: systems.sort(byWorst) };
}

/** Alarms in sight, in the order of the list, when these lines are open. */
export function inSight({ single, systems }: FloodList, open: ReadonlySet<string>): Alarm[] {
  const rows = (group: AlarmGroup): Alarm[] => [group.alarm, ...group.after];
  return [
    ...single.flatMap(rows),
    ...systems.flatMap((system) =>
      open.has(system.key)
        ? system.equipment.flatMap((unit) =>
            open.has(unit.key) || unit.groups.length === 1 ? unit.groups.flatMap(rows) : [],
          )
        : [],
    ),
  ];
}

const isUrgent = ({ alarm, after }: AlarmGroup): boolean =>
  [alarm, ...after].some(({ lifeSafety, priority }) => lifeSafety || priority === 'critical');

const byWorst = (a: Summary, b: Summary): number => compareAlarms(a.worst, b.worst);

function worstIn(groups: readonly AlarmGroup[]): Alarm {
  const [worst] = groups.flatMap(({ alarm, after }) => [alarm, ...after]).sort(compareAlarms);
  if (worst === undefined) throw new Error('a line of the list has at least one alarm');
  return worst;
}

function summaryOf(key: string, groups: readonly AlarmGroup[]): Summary {
  const alarms = groups.flatMap(({ alarm, after }) => [alarm, ...after]);
  const units = new Set(alarms.map(({ equipment }) => equipment)).size;
  return { key, alarms: alarms.length, unacked: alarms.filter(needsAck).length, units, worst: worstIn(groups) };
}
