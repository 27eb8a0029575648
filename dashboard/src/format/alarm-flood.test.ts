import { type Alarm, type AlarmPriority, alarmPriorities, type System, systems } from '@plantroom/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inSight, summariseFlood } from './alarm-flood.ts';
import { groupAlarms } from './alarm-groups.ts';

interface Seed {
  equipment: number;
  priority: AlarmPriority;
  lifeSafety: boolean;
  first: number;
  state: 'UNACK' | 'ACKED';
}

const alarm = (at: number, { equipment, priority, lifeSafety, first, state }: Seed): Alarm =>
  ({
    id: `hq/e${equipment}/p#${at}`,
    equipment: equipment === 0 ? null : `hq/e${equipment}`,
    priority,
    lifeSafety,
    state,
    testMode: null,
    suppressedBy: [],
    firstOut: first === at ? null : first >= 0 ? `hq/x#${first}` : null,
    activeMs: at,
  }) as unknown as Alarm;

const seed: fc.Arbitrary<Seed> = fc.record({
  equipment: fc.nat({ max: 6 }),
  priority: fc.constantFrom(...alarmPriorities),
  lifeSafety: fc.boolean(),
  first: fc.integer({ min: -1, max: 20 }),
  state: fc.constantFrom('UNACK' as const, 'ACKED' as const),
});
/** With first-outs that exist, that do not, and that are followers themselves. */
const lists = fc.array(seed, { maxLength: 20 }).map((seeds) => {
  const alarms = seeds.map((each, at) => alarm(at, each));
  return alarms.map((each, at) => {
    const first = alarms[seeds[at]?.first ?? -1];
    return { ...each, firstOut: first === undefined || first.id === each.id ? null : first.id };
  });
});
const systemOf = ({ equipment }: Alarm): System | null =>
  equipment === null ? null : (systems[Number(equipment.slice(4)) % systems.length] ?? null);
const isOdd = ({ equipment }: Alarm): boolean => Number(equipment?.slice(4) ?? 1) % 2 === 1;

const everything = (alarms: readonly Alarm[], isInFlood: (one: Alarm) => boolean) => {
  const list = summariseFlood(groupAlarms(alarms, alarms), { isInFlood, systemOf });
  const keys = list.systems.flatMap(({ key, equipment }) => [key, ...equipment.map((unit) => unit.key)]);
  return { list, all: inSight(list, new Set(keys)), closed: inSight(list, new Set()) };
};

describe('the list in a flood', () => {
  test('every alarm is in it once, whatever belongs together', () => {
    fc.assert(
      fc.property(lists, (alarms) => {
        for (const isInFlood of [() => true, () => false, isOdd]) {
          const ids = everything(alarms, isInFlood).all.map(({ id }) => id);
          expect(ids.toSorted()).toEqual(alarms.map(({ id }) => id).toSorted());
        }
      }),
    );
  });

  test('life safety and what is critical is in sight before anything is opened, life safety above all else', () => {
    fc.assert(
      fc.property(lists, (alarms) => {
        const { list, closed } = everything(alarms, () => true);
        const urgent = alarms.filter(({ lifeSafety, priority }) => lifeSafety || priority === 'critical');
        for (const each of urgent) expect(closed).toContain(each);
        const roots = list.single.map((group) => [group.alarm, ...group.after].some(({ lifeSafety }) => lifeSafety));
        expect(roots.lastIndexOf(true)).toBeLessThan(
          roots.indexOf(false) === -1 ? roots.length + 1 : roots.indexOf(false),
        );
      }),
    );
  });

  test('what belongs to a position without a flood is listed as ever', () => {
    fc.assert(
      fc.property(lists, (alarms) => {
        const plain = groupAlarms(alarms, alarms);
        const { list } = everything(alarms, () => false);
        expect(list).toEqual({ single: plain, systems: [] });
      }),
    );
  });

  test('a line counts what is behind it, and has the shape of its worst', () => {
    const of = (equipment: number, priority: AlarmPriority, state: Seed['state'] = 'UNACK') => ({
      equipment,
      priority,
      lifeSafety: false,
      first: -1,
      state,
    });
    const alarms = [of(1, 'low'), of(1, 'high', 'ACKED'), of(7, 'medium'), of(2, 'medium')].map((each, at) =>
      alarm(at, each),
    );
    const { list } = everything(alarms, () => true);
    expect(list.single).toEqual([]);
    expect(list.systems.map(({ system, alarms: count, unacked, worst }) => [system, count, unacked, worst.id])).toEqual(
      [
        ['water', 3, 2, 'hq/e1/p#1'],
        ['power', 1, 1, 'hq/e2/p#3'],
      ],
    );
    expect(list.systems[0]?.equipment.map(({ equipment, alarms: count }) => [equipment, count])).toEqual([
      ['hq/e1', 2],
      ['hq/e7', 1],
    ]);
  });
});
