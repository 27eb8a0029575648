import { describe, expect, it } from 'vitest';
import { RunningBuilding } from '../test-helpers/running-building.ts';
import { sum } from './meter.ts';

const settled = (): RunningBuilding => {
  const building = new RunningBuilding();
  building.pass(60);
  return building;
};
const feedersW = ({ now }: RunningBuilding): number => sum(now.power.feeders.map((feeder) => sum(feeder.activeW)));

describe('the switchboard', () => {
  it('takes in each step what its feeders and its own losses take, on the grid, on the generator and between', () => {
    const building = settled();
    const inBalance = (): void => {
      const { power } = building.now;
      const given = sum(power.incomer.activeW) + sum(power.generator.activeW);
      expect(given).toBeCloseTo(feedersW(building) + sum(power.boardLossW), 6);
    };
    building.on('meter-tenants-low', 'loose-joint');
    building.pass(120, inBalance);
    building.on('meter-incomer', 'supply-outage');
    building.pass(120, inBalance);
    building.off('supply-outage');
    building.pass(200, inBalance);
  });

  it('counts as energy what flowed as power, of each phase and of its heat', () => {
    const building = settled();
    const before = building.now.power;
    let ws = 0;
    let lossWs = 0;
    building.pass(900, () => {
      ws += sum(building.now.power.incomer.activeW);
      lossWs += sum(building.now.power.boardLossW);
    });
    const { incomer, boardLossKwh } = building.now.power;
    expect(incomer.importKwh - before.incomer.importKwh).toBeCloseTo(ws / 3.6e6, 6);
    expect(sum(incomer.importKwhByPhase) - sum(before.incomer.importKwhByPhase)).toBeCloseTo(ws / 3.6e6, 6);
    expect(boardLossKwh - before.boardLossKwh).toBeCloseTo(lossWs / 3.6e6, 8);
  });

  it('keeps its line voltages when a neutral breaks, of the feeder or of the whole board, and loses them with a phase', () => {
    const building = settled();
    const lines = (meter: string): number[] =>
      ['voltage-l12', 'voltage-l23', 'voltage-l31'].map((point) => building.number(meter, point));
    const farthest = (meter: string): number => Math.max(...lines(meter).map((volts) => Math.abs(volts - 391)));
    building.on('meter-tenants-low', 'load-unbalance');
    for (const broken of ['meter-tenants-low', 'meter-incomer']) {
      building.on(broken, 'broken-neutral');
      building.pass(60);
      expect(building.number(broken, 'voltage-l1')).toBeGreaterThan(228);
      expect(farthest('meter-tenants-low')).toBeLessThan(4);
    }
    building.on('meter-tenants-low', 'phase-loss');
    building.pass(5);
    expect(farthest('meter-tenants-low')).toBeGreaterThan(100);
  });

  it('gives the demand as the mean of the last fifteen whole minutes', () => {
    const building = settled();
    const minutes: number[] = [];
    for (let minute = 0; minute < 20; minute++) {
      let ws = 0;
      building.pass(60, () => {
        ws += sum(building.now.power.incomer.activeW);
      });
      minutes.push(ws / 60);
    }
    const { demandW, maxDemandW } = building.now.power.incomer;
    expect(demandW).toBeCloseTo(sum(minutes.slice(-15)) / 15, 3);
    expect(maxDemandW).toBeGreaterThanOrEqual(demandW);
  });

  it('loses voltage through the transformer as the load grows', () => {
    const building = settled();
    const before = building.number('meter-incomer', 'voltage-ln-average');
    building.on('meter-tenants-low', 'overload');
    building.pass(10);
    // 108 kW more are 160 A a phase: 0.9 V over 5.6 mΩ, and as much again over the reactance.
    const fall = before - building.number('meter-incomer', 'voltage-ln-average');
    expect(fall).toBeGreaterThan(0.8);
    expect(fall).toBeLessThan(4);
  });
});

describe('faults of the supply', () => {
  it('a lost phase takes its feeder to two phases that carry all of it, and no other feeder', () => {
    const building = settled();
    building.on('meter-hvac', 'phase-loss');
    building.pass(2);
    expect(building.number('meter-hvac', 'voltage-l2')).toBeLessThan(110);
    expect(building.number('meter-hvac', 'power-l2')).toBe(0);
    expect(building.number('meter-hvac', 'power-l1')).toBeGreaterThan(1000);
    expect(building.number('meter-pumps', 'voltage-l2')).toBeGreaterThan(200);
  });

  it('a broken neutral lifts the light phases only where the load is out of balance', () => {
    const building = settled();
    building.on('meter-tenants-low', 'broken-neutral');
    building.pass(5);
    expect(building.number('meter-tenants-low', 'voltage-l1')).toBeLessThan(250);
    building.on('meter-tenants-low', 'load-unbalance');
    building.pass(20);
    expect(building.number('meter-tenants-low', 'voltage-l1')).toBeGreaterThan(253);
    expect(building.number('meter-tenants-low', 'voltage-l3')).toBeLessThan(215);
  });

  it('a loose joint costs voltage with the current, and heats', () => {
    const building = settled();
    building.on('meter-tenants-low', 'loose-joint');
    building.pass(5);
    const [l1, l2] = [
      building.number('meter-tenants-low', 'voltage-l1'),
      building.number('meter-tenants-low', 'voltage-l2'),
    ];
    const amperes = building.number('meter-tenants-low', 'current-l2');
    expect(l1 - l2).toBeCloseTo(0.15 * amperes, -1);
    expect(building.now.power.boardLossW[1]).toBeGreaterThan(0.14 * amperes * amperes);
  });

  it('an overload opens the breaker by its thermal release, and it is closed again once the cause is gone', () => {
    const building = settled();
    building.on('meter-tenants-low', 'overload');
    const tripS = building.until(() => building.number('meter-tenants-low', 'voltage-l1') === 0, 3600);
    // 1.6 times its setting: between one and thirty minutes (IEC 60947-2, and a warm start).
    expect(tripS).toBeGreaterThan(60);
    expect(tripS).toBeLessThan(1800);
    expect(building.number('meter-tenants-low', 'power')).toBe(0);
    building.off('overload');
    building.until(() => building.number('meter-tenants-low', 'voltage-l1') > 200, 1800);
  });

  it('a short circuit opens its breaker at once', () => {
    const building = settled();
    building.on('meter-hvac', 'short-circuit');
    building.pass(1);
    expect(building.number('meter-hvac', 'voltage-ln-average')).toBe(0);
  });

  it('distorts the voltage when the filter of the busbar fails, and spoils the power factor when one of a feeder does', () => {
    const building = settled();
    expect(building.number('meter-hvac', 'thd-voltage-average')).toBeLessThan(4);
    building.on('meter-incomer', 'harmonic-filter-failed');
    building.pass(5);
    expect(building.number('meter-hvac', 'thd-voltage-average')).toBeGreaterThan(5.5);
    building.on('meter-hvac', 'harmonic-filter-failed');
    building.pass(5);
    expect(building.number('meter-hvac', 'power-factor')).toBeLessThan(0.8);
  });

  it('capacitors that stay on at night push the power factor below 0.85, leading', () => {
    const building = new RunningBuilding({ startMs: Date.UTC(2026, 2, 3, 18) });
    building.pass(300);
    expect(building.number('meter-incomer', 'power-factor')).toBeGreaterThan(0.95);
    building.on('meter-incomer', 'capacitors-stuck');
    building.pass(60);
    expect(building.number('meter-incomer', 'power-factor')).toBeLessThan(0.85);
    expect(building.number('meter-incomer', 'reactive-power')).toBeLessThan(0);
  });

  it('a transformer without fans trips under overload, and the generator takes over', () => {
    const building = settled();
    building.on('meter-incomer', 'transformer-fan-failed');
    for (const id of ['meter-tenants-low', 'meter-tenants-high']) building.on(id, 'overload', 0.42);
    building.on('meter-hvac', 'overload', 0.9);
    building.until(() => building.number('meter-incomer', 'voltage-l1') === 0, 3 * 3600);
    expect(building.now.power.transformer.tripped).toBe(true);
    building.pass(20);
    expect(building.now.power.transfer.position).toBe('generator');
  });
});

describe('a meter that is checked', () => {
  it('reads nothing of the shorted phase, while the load goes on', () => {
    const building = settled();
    building.on('meter-hvac', 'meter-check');
    building.pass(1);
    const shorted = building.now.power.feeders.find(({ id }) => id === 'meter-hvac')!.shortedInput;
    const phase = ['l1', 'l2', 'l3'][shorted]!;
    expect(building.number('meter-hvac', `current-${phase}`)).toBe(0);
    expect(building.number('meter-hvac', `voltage-${phase}`)).toBeGreaterThan(200);
    expect(building.now.power.feeders.find(({ id }) => id === 'meter-hvac')!.activeW[shorted]).toBeGreaterThan(500);
  });
});
