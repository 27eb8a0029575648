import { describe, expect, it } from 'vitest';
import { RunningBuilding } from '../test-helpers/running-building.ts';
import { newDetector, stepDetector } from './detector.ts';

const fireCount = (building: RunningBuilding): number => building.number('fire-panel-1', 'fire-count');
const confirmed = (building: RunningBuilding): boolean => building.now.fire.panel.confirmedS > 0;

describe('a fire', () => {
  it('grows with t²: pre-alarm, first detector, then the second that confirms it', () => {
    const building = new RunningBuilding();
    building.on('fire-zone-low', 'open-fire');
    const preS = building.until(() => building.number('fire-panel-1', 'pre-alarm-count') > 0, 120);
    const fireS = preS + building.until(() => fireCount(building) > 0, 120);
    const confirmedS = fireS + building.until(() => confirmed(building), 60);
    // 2 and 4 %/m of 30 are there after 39 and 55 s; the chamber takes some seconds more.
    expect(preS).toBeGreaterThan(38);
    expect(preS).toBeLessThan(50);
    expect(fireS).toBeGreaterThan(54);
    expect(fireS).toBeLessThan(66);
    expect(confirmedS - fireS).toBeLessThan(15);
    expect(building.points('fire-zone-low')).toMatchObject({ fire: true, 'first-detector': 31 });
    expect(building.points('fire-zone-high')).toMatchObject({ fire: false });
  });

  it('when confirmed starts the smoke fans, empties the building and cuts the power of its zone after a minute', () => {
    const building = new RunningBuilding();
    building.pass(10);
    const standingW = building.number('meter-fire', 'power');
    building.on('fire-zone-low', 'open-fire');
    building.until(() => confirmed(building), 120);
    building.pass(5);
    expect(building.number('meter-fire', 'power') - standingW).toBeGreaterThan(20_000);
    expect(building.number('meter-tenants-low', 'voltage-l1')).toBeGreaterThan(200);
    building.pass(65);
    expect(building.number('meter-tenants-low', 'voltage-l1')).toBe(0);
    expect(building.number('meter-tenants-high', 'voltage-l1')).toBeGreaterThan(200);
  });

  it('stays at the panel until the staff reset it, five minutes after the smoke has gone', () => {
    const building = new RunningBuilding();
    building.on('fire-zone-low', 'smoke');
    building.pass(200);
    expect(building.points('fire-panel-1').silenced).toBe(true);
    building.off('smoke');
    building.pass(200);
    expect(building.now.fire.detectors.filter(({ smoke }) => smoke > 4)).toEqual([]);
    expect(fireCount(building)).toBeGreaterThan(0);
    building.until(() => fireCount(building) === 0, 400);
    building.pass(2);
    expect(building.points('fire-panel-1').silenced).toBe(false);
    expect(confirmed(building)).toBe(false);
  });

  it('that smoulders gives a long pre-alarm, and one detector alone confirms nothing', () => {
    const building = new RunningBuilding();
    building.on('fire-zone-b1', 'smouldering-fire');
    const preS = building.until(() => building.number('fire-panel-1', 'pre-alarm-count') > 0, 1800);
    const fireS = building.until(() => fireCount(building) > 0, 3600);
    expect(preS).toBeGreaterThan(600);
    expect(fireS).toBeGreaterThan(900);
    building.pass(600);
    expect(fireCount(building)).toBe(1);
    expect(confirmed(building)).toBe(false);
    building.on('fire-zone-b1', 'call-point-pressed');
    building.pass(2);
    expect(confirmed(building)).toBe(true);
    expect(building.number('fire-zone-b1', 'first-module')).toBe(1);
  });
});

describe('the loop', () => {
  it('a dirty detector drifts into pre-alarm, and its compensation takes a little of it off again within days', () => {
    const building = new RunningBuilding();
    building.on('fire-zone-roof', 'detector-dirty', 0.6);
    building.pass(5);
    expect(building.points('fire-zone-roof')).toMatchObject({ 'pre-alarm': true, fire: false });
    const dirty = { around: 0, stimulus: false, dirty: 0.6, fault: false, disabled: false, reset: false, dtS: 600 };
    let detector = newDetector(1, 'fire-zone-roof');
    for (let step = 0; step < 3 * 144; step++) detector = stepDetector(detector, dirty);
    // 1.5 of 2.7 %/m.
    expect(detector.state).toBe('normal');
    for (let step = 0; step < 30 * 144; step++) detector = stepDetector(detector, { ...dirty, dirty: 0.8 });
    expect(detector.state).toBe('pre-alarm');
  });

  it('a break loses what lies behind it, zone by zone', () => {
    const building = new RunningBuilding();
    building.on('fire-panel-1', 'loop-break', 0.25);
    building.pass(2);
    expect(building.points('fire-zone-roof').fault).toBe(true);
    expect(building.points('fire-zone-b1').fault).toBe(false);
    building.on('fire-zone-roof', 'smoke');
    building.pass(30);
    expect(fireCount(building)).toBe(0);
  });

  it('flow in a sprinkler and a shut valve are supervisory, and flow starts the fire pump', () => {
    const building = new RunningBuilding();
    building.on('fire-zone-low', 'sprinkler-valve-shut');
    building.pass(2);
    expect(building.points('fire-zone-low')).toMatchObject({ supervisory: true, fire: false });
    const before = building.number('meter-fire', 'power');
    building.on('fire-zone-high', 'sprinkler-flow');
    building.pass(3);
    expect(building.number('fire-panel-1', 'supervisory-count')).toBe(2);
    expect(building.number('meter-fire', 'power') - before).toBeGreaterThan(25_000);
  });

  it('a zone under test is disabled first, and smoke in it sets nothing off', () => {
    const building = new RunningBuilding();
    building.on('fire-zone-lobby', 'detector-test');
    building.pass(5);
    building.on('fire-zone-lobby', 'smoke');
    building.pass(60);
    expect(building.points('fire-zone-lobby')).toMatchObject({ disabled: true, fire: false });
    building.off('smoke');
    building.pass(300);
    building.off('detector-test');
    building.pass(2);
    expect(building.points('fire-zone-lobby')).toMatchObject({ disabled: false, fire: false, 'pre-alarm': false });
  });
});

describe('the panel', () => {
  it('tells lost mains after 100 s, and goes dark when an aged battery is empty', () => {
    const building = new RunningBuilding();
    building.on('fire-panel-1', 'panel-battery-aged');
    building.until(() => building.points('fire-panel-1')['battery-fault'] === true, 601);
    building.on('fire-panel-1', 'panel-mains-lost');
    const toldS = building.until(() => building.points('fire-panel-1')['mains-fault'] === true, 120);
    expect(toldS).toBeGreaterThan(99);
    building.pass(1);
    expect(building.number('fire-panel-1', 'fault-count')).toBe(2);
    // 5 % of 38 Ah at 1.3 A.
    const darkS = building.until(() => !building.now.fire.panel.powered, 3 * 3600);
    expect((darkS + toldS) / ((0.05 * 38 * 3600) / 1.3)).toBeCloseTo(1, 1);
  });

  it('does not mind the change-over to the generator, a test, or a drill', () => {
    const building = new RunningBuilding();
    building.pass(10);
    const people = building.number('meter-tenants-low', 'power');
    const quiet = (): void =>
      expect(building.points('fire-panel-1')).toMatchObject({
        'fire-count': 0,
        'fault-count': 0,
        'supervisory-count': 0,
      });
    building.on('meter-incomer', 'supply-outage');
    building.pass(60, quiet);
    building.off('supply-outage');
    building.on('fire-panel-1', 'panel-test');
    let silentS = 0;
    building.pass(300, () => {
      quiet();
      if (building.points('fire-panel-1').silenced === true) silentS++;
    });
    expect(silentS).toBe(30);
    building.off('panel-test');
    building.on('fire-panel-1', 'fire-drill');
    building.pass(60, quiet);
    expect(building.number('meter-tenants-low', 'power')).toBeLessThan(0.6 * people);
    expect(building.now.fire.panel.confirmedS).toBe(0);
  });

  it('shows an earth fault as trouble', () => {
    const building = new RunningBuilding();
    building.on('fire-panel-1', 'earth-fault');
    building.pass(3);
    expect(building.number('fire-panel-1', 'fault-count')).toBe(1);
  });
});
