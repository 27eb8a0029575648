import { expect, it } from 'vitest';
import { sum } from '../power/meter.ts';
import { RunningBuilding } from '../test-helpers/running-building.ts';
import type { Air } from './air.ts';

/** By kind of machine; what stands at a zone or a room beside it are the fans of its coils. */
function partsW({ ahus, mixingUnits, chilled, heatPump, vrf, zones }: Air): Record<string, number> {
  const all = (machines: readonly { powerW: number }[]): number => sum(machines.map(({ powerW }) => powerW));
  return {
    freshAir: all(ahus),
    mixing: all(mixingUnits),
    chillers: all(chilled.chillers),
    heatPump: heatPump.powerW,
    vrf: vrf.powerW,
    fanCoils: sum([...zones, ...vrf.units.map(({ room }) => room)].map(({ fanW }) => fanW)),
  };
}

/** With the machine that takes most. */
const hours = [
  ['on a hot afternoon', '2026-07-20T13:30:00+08:00', 'chillers'],
  ['on a cold morning', '2026-01-19T08:00:00+08:00', 'heatPump'],
] as const;

it.each(hours)(
  'the feeder of the air-conditioning carries what its machines take, to the watt and the watt-hour, %s',
  (_, from, most) => {
    const building = new RunningBuilding({ startMs: Date.parse(from) });
    const feeder = building.spec.power.feeders.findIndex(({ load }) => load === 'hvac');
    const meter = () => building.now.power.feeders[feeder]!;
    building.pass(1);
    const beforeKwh = meter().importKwh;
    const joules: Record<string, number> = {};
    building.pass(3600, () => {
      const parts = partsW(building.now.air);
      expect(sum(meter().activeW)).toBeCloseTo(sum(Object.values(parts)), 6);
      for (const [part, watts] of Object.entries(parts)) joules[part] = (joules[part] ?? 0) + watts;
    });
    expect(meter().importKwh - beforeKwh).toBeCloseTo(sum(Object.values(joules)) / 3.6e6, 6);
    // A sum of nothing would agree as well.
    expect(joules[most]).toBeGreaterThan(sum(Object.values(joules)) * 0.2);
  },
);
