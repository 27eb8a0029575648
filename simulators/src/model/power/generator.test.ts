import { describe, expect, it } from 'vitest';
import { RunningBuilding } from '../test-helpers/running-building.ts';
import { burntL, engineData } from './generator-engine.ts';
import { sum } from './meter.ts';

const onGenerator = (building: RunningBuilding): boolean => building.now.power.transfer.position === 'generator';

function outage(fault?: string, severity = 1): RunningBuilding {
  const building = new RunningBuilding();
  if (fault !== undefined) building.on('generator-1', fault, severity);
  building.pass(30);
  building.on('meter-incomer', 'supply-outage');
  return building;
}

describe('the generator', () => {
  it('carries the emergency feeders within 15 s of an outage, and none of the others', () => {
    const building = outage();
    expect(building.until(() => building.number('meter-fire', 'voltage-l1') > 200, 15)).toBeGreaterThan(5);
    building.pass(20);
    for (const id of ['meter-elevators', 'meter-pumps', 'meter-data-room', 'meter-fire'])
      expect(building.number(id, 'voltage-ln-average'), id).toBeGreaterThan(220);
    for (const id of ['meter-hvac', 'meter-lighting', 'meter-tenants-low', 'meter-tenants-high'])
      expect(building.number(id, 'voltage-ln-average'), id).toBe(0);
    expect(building.points('generator-1')).toMatchObject({
      running: true,
      'engine-state': 3,
      mode: 2,
      shutdown: false,
    });
    expect(building.number('meter-fire', 'frequency')).toBeCloseTo(50, 0);
  });

  it('gives the load back two minutes after the grid has come, cools down and stops', () => {
    const building = outage();
    building.pass(300);
    building.off('supply-outage');
    const backS = building.until(() => !onGenerator(building), 200);
    expect(backS).toBeGreaterThanOrEqual(119);
    expect(backS).toBeLessThan(125);
    expect(building.number('generator-1', 'engine-state')).toBe(5);
    const stopS = building.until(() => building.number('generator-1', 'engine-state') === 0, 300);
    expect(stopS).toBeGreaterThan(170);
    expect(building.number('meter-fire', 'voltage-l1')).toBeGreaterThan(200);
  });

  it('burns what its energy costs, and the tank balances', () => {
    const building = outage();
    building.until(() => onGenerator(building), 20);
    const before = building.now.power.generator;
    let expectedL = 0;
    building.pass(1200, () => {
      const { generator } = building.now.power;
      expectedL += burntL(generator.engine.speedRpm / 1500, sum(generator.activeW), 1);
    });
    const { engine, energyKwh } = building.now.power.generator;
    const usedL = engine.usedL - before.engine.usedL;
    // What was burnt follows the load by a step.
    expect(usedL).toBeCloseTo(expectedL, 1);
    const kwh = energyKwh - before.energyKwh;
    expect(usedL).toBeCloseTo(kwh * engineData.litresPerKwh + engineData.idleLPerH / 3, 1);
    expect(engine.fuelL).toBeCloseTo(engineData.tankL * 0.85 + engine.filledL - engine.usedL - engine.leakedL, 9);
  });

  it('gives up after three attempts with a weak battery, and shuts itself out until somebody has mended it', () => {
    const building = outage('starter-battery-aged');
    const failedS = building.until(() => building.points('generator-1').shutdown === true, 90);
    // 3 s to notice, three times 10 s of cranking, twice 10 s of rest.
    expect(failedS).toBeGreaterThan(50);
    expect(onGenerator(building)).toBe(false);
    building.pass(600);
    expect(building.points('generator-1').shutdown).toBe(true);
    building.off('starter-battery-aged');
    building.until(() => onGenerator(building), 400);
    expect(building.points('generator-1').shutdown).toBe(false);
  });

  it('warns of low oil pressure first, or stops at once when it is gone', () => {
    const slight = outage('oil-leak', 0.75);
    slight.pass(60);
    expect(slight.points('generator-1')).toMatchObject({ warning: true, shutdown: false, running: true });
    const gone = outage('oil-leak');
    gone.pass(60);
    expect(gone.points('generator-1')).toMatchObject({ shutdown: true, running: false });
    expect(gone.number('meter-fire', 'voltage-l1')).toBe(0);
  });

  it('passes 98 °C before it shuts down with a blocked radiator', () => {
    const building = outage('radiator-blocked');
    const hotS = building.until(() => building.number('generator-1', 'coolant-temperature') > 98, 1200);
    const stopS = building.until(() => building.points('generator-1').shutdown === true, 1200);
    expect(hotS).toBeGreaterThan(120);
    expect(stopS).toBeGreaterThan(10);
  });

  it('trips electrically when its voltage collapses under a failed regulator', () => {
    const building = outage();
    building.pass(60);
    building.on('generator-1', 'voltage-regulator-failed');
    building.pass(15);
    expect(building.points('generator-1')).toMatchObject({ 'electrical-trip': true, shutdown: false });
    expect(building.number('meter-fire', 'voltage-l1')).toBe(0);
  });

  it('that fails in a test on load leaves the load to the grid within seconds', () => {
    const building = new RunningBuilding();
    building.on('generator-1', 'generator-load-test');
    building.pass(60);
    expect(onGenerator(building)).toBe(true);
    building.on('generator-1', 'voltage-regulator-failed');
    building.pass(4);
    expect(building.now.power.transfer.position).toBe('grid');
    expect(building.number('meter-fire', 'voltage-l1')).toBeGreaterThan(200);
  });

  it('turns too slowly with a bad governor', () => {
    const building = outage('governor-fault');
    building.pass(40);
    expect(building.number('meter-fire', 'frequency')).toBeLessThan(49.5);
    expect(building.number('meter-fire', 'frequency')).toBeGreaterThan(45);
  });

  it('does not start at all when it was left at stop, nor with an empty tank', () => {
    const left = outage('left-out-of-automatic');
    left.pass(60);
    expect(left.points('generator-1')).toMatchObject({ mode: 0, running: false, shutdown: false });
    const empty = new RunningBuilding();
    empty.on('generator-1', 'fuel-leak');
    empty.until(() => empty.number('generator-1', 'fuel-level') <= 0, 3 * 3600);
    empty.on('meter-incomer', 'supply-outage');
    empty.until(() => empty.points('generator-1').shutdown === true, 90);
  });

  it('runs in a test without taking the load, and in one on load takes it without a break', () => {
    const building = new RunningBuilding();
    building.on('generator-1', 'generator-test');
    building.pass(60);
    expect(building.points('generator-1')).toMatchObject({ running: true, mode: 6 });
    expect(onGenerator(building)).toBe(false);
    building.off('generator-test');
    building.pass(240);
    expect(building.points('generator-1')).toMatchObject({ running: false, mode: 2 });
    building.on('generator-1', 'generator-load-test');
    let deadS = 0;
    building.pass(60, () => {
      if (building.number('meter-elevators', 'voltage-l1') === 0) deadS++;
    });
    expect(deadS).toBe(0);
    expect(building.number('generator-1', 'power')).toBeGreaterThan(10_000);
    expect(building.number('meter-tenants-low', 'voltage-l1')).toBeGreaterThan(200);
  });

  it('loses float voltage without its charger, and more as the standing load empties the battery', () => {
    const building = new RunningBuilding();
    building.on('generator-1', 'battery-charger-failed');
    building.pass(600);
    expect(building.number('generator-1', 'battery-voltage')).toBeCloseTo(25.6, 1);
    building.on('generator-1', 'starter-battery-aged');
    building.pass(3 * 3600);
    expect(building.number('generator-1', 'battery-voltage')).toBeLessThan(24);
  });
});
