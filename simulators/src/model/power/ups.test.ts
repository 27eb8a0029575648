import { describe, expect, it } from 'vitest';
import { RunningBuilding } from '../test-helpers/running-building.ts';
import { upsData } from './ups.ts';

/** An outage that no generator ends. */
function onBattery(): RunningBuilding {
  const building = new RunningBuilding();
  building.on('generator-1', 'left-out-of-automatic');
  building.pass(30);
  building.on('meter-incomer', 'supply-outage');
  return building;
}

describe('the UPS', () => {
  it('carries its load without a break, as long as it said, and tells before it ends', () => {
    const building = onBattery();
    building.pass(2);
    expect(building.points('ups-1')).toMatchObject({ online: false, 'on-battery': true, 'output-off': false });
    const promisedS = building.number('ups-1', 'runtime');
    const imminentS = building.until(() => building.points('ups-1')['shutdown-imminent'] === true, 7200);
    const offS = building.until(() => building.points('ups-1')['output-off'] === true, 600);
    expect((imminentS + offS) / promisedS).toBeGreaterThan(0.9);
    expect((imminentS + offS) / promisedS).toBeLessThan(1.1);
    expect(offS).toBeGreaterThan(100);
    expect(building.number('ups-1', 'load')).toBe(0);
  });

  it('keeps the charge in balance through discharge and charge', () => {
    const building = onBattery();
    const balance = (): void => {
      const { ups } = building.now.power;
      expect(ups.storedWh).toBeCloseTo(upsData.capacityWh + ups.chargedWh - ups.dischargedWh, 6);
    };
    building.pass(300, balance);
    const low = building.number('ups-1', 'charge');
    expect(low).toBeLessThan(90);
    building.off('supply-outage');
    building.pass(1800, balance);
    expect(building.number('ups-1', 'charge')).toBeGreaterThan(low);
  });

  it('carries on through the start of the generator', () => {
    const building = new RunningBuilding();
    building.pass(30);
    building.on('meter-incomer', 'supply-outage');
    building.pass(30, () => expect(building.points('ups-1')['output-off']).toBe(false));
    expect(building.points('ups-1')['on-battery']).toBe(false);
  });

  it('proves a good battery in ten seconds, and finds an aged or missing one', () => {
    const building = new RunningBuilding();
    building.on('ups-1', 'ups-self-test');
    let testedS = 0;
    building.pass(60, () => {
      if (building.points('ups-1')['on-battery'] === true) testedS++;
    });
    expect(testedS).toBe(10);
    expect(building.points('ups-1')).toMatchObject({ 'battery-test-failed': false, 'battery-replace': false });
    building.off('ups-self-test');
    building.pass(2);
    building.on('ups-1', 'ups-battery-aged');
    building.on('ups-1', 'ups-self-test');
    building.pass(60);
    expect(building.points('ups-1')).toMatchObject({ 'battery-test-failed': true, 'battery-replace': true });
    expect(building.number('ups-1', 'runtime')).toBeLessThan(300);
  });

  it('goes to bypass after a minute above its rating, and back when the load is gone', () => {
    const building = new RunningBuilding();
    building.on('ups-1', 'ups-overload');
    building.pass(30);
    expect(building.points('ups-1')).toMatchObject({ overload: true, 'on-bypass': false });
    building.pass(60);
    expect(building.points('ups-1')).toMatchObject({ overload: true, 'on-bypass': true });
    building.off('ups-overload');
    building.pass(2);
    expect(building.points('ups-1')).toMatchObject({ overload: false, 'on-bypass': false, online: true });
  });

  it('drops its load at once when the mains fail without battery or in bypass', () => {
    for (const fault of ['ups-battery-disconnected', 'ups-inverter-failed']) {
      const building = new RunningBuilding();
      building.on('ups-1', fault);
      building.pass(10);
      expect(building.points('ups-1')['output-off'], fault).toBe(false);
      building.on('meter-data-room', 'supply-outage');
      building.pass(2);
      expect(building.points('ups-1')['output-off'], fault).toBe(true);
    }
  });

  it('has a warm battery in a warm room', () => {
    const building = new RunningBuilding();
    building.on('ups-1', 'ups-room-cooling-failed');
    expect(building.until(() => building.number('ups-1', 'battery-temperature') > 40, 3 * 3600)).toBeGreaterThan(900);
  });
});
