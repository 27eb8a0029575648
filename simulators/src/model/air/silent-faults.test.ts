import { describe, expect, it } from 'vitest';
import { airFaults } from '../../faults/catalogue/air-faults.ts';
import { coolingFaults } from '../../faults/catalogue/cooling-faults.ts';
import { type Air, airPowerW } from './air.ts';
import { faultCases, spring, summer, winter } from './test-helpers/fault-cases.ts';
import { type Befalls, runAir } from './test-helpers/run-air.ts';

describe('what a fault does where no alarm looks', () => {
  /** Both runs at the same moment. */
  function compare(run: { from: string; hours: number }, befalls: readonly Befalls[]) {
    return { healthy: runAir(run), faulty: runAir({ ...run, befalls }) };
  }
  const lobby = ({ mixingUnits }: Air) => mixingUnits[0]!;

  it('a damper stuck open shows in the mixed air and in the hot water', () => {
    const stuck: Befalls[] = [
      { equipment: 'damper-ahu-3', fault: 'actuator-run', atH: 6.53, untilH: 6.667 },
      { equipment: 'damper-ahu-3', fault: 'actuator-blocked', atH: 6.6 },
    ];
    const { healthy, faulty } = compare({ from: winter, hours: 9 }, stuck);
    expect(lobby(faulty).outdoorDamper.positionPct).toBeGreaterThan(90);
    expect(lobby(faulty).mixed.c - faulty.weather.outdoorC).toBeLessThan(2);
    expect(lobby(healthy).mixed.c - healthy.weather.outdoorC).toBeGreaterThan(8);
    expect(lobby(faulty).hotW).toBeGreaterThan(lobby(healthy).hotW + 30_000);
  });

  it('a loose linkage leaves the blade where it was while the actuator reports that it moves', () => {
    const { healthy, faulty } = compare({ from: spring, hours: 15 }, [
      { equipment: 'damper-ahu-3', fault: 'linkage-loose', atH: 5 },
    ]);
    expect(lobby(faulty).outdoorDamper.positionPct).toBeGreaterThan(50);
    expect(lobby(faulty).outdoorDamper.bladePct).toBe(0);
    expect(lobby(faulty).outdoorDamper.serviceInfo).toBe(false);
    expect(lobby(faulty).mixed.c).toBeGreaterThan(lobby(healthy).mixed.c + 2);
    expect(lobby(faulty).chilledW).toBeGreaterThan(lobby(healthy).chilledW);
  });

  it('torn seals let outdoor air in when the damper is shut', () => {
    const { healthy, faulty } = compare({ from: winter, hours: 12 }, [
      { equipment: 'damper-ahu-3', fault: 'damper-leaking', atH: 0 },
    ]);
    const share = (air: Air): number => lobby(air).outdoorKgS / lobby(air).supply.kgS;
    expect(share(faulty)).toBeGreaterThan(share(healthy) + 0.1);
  });

  it('a leaking cooling valve makes the unit heat and cool at once', () => {
    const { healthy, faulty } = compare({ from: spring, hours: 39 }, [
      { equipment: 'ahu-3', fault: 'cooling-valve-leak', atH: 33 },
    ]);
    expect(lobby(healthy).hotW * lobby(healthy).chilledW).toBe(0);
    expect(lobby(faulty).hotW).toBeGreaterThan(2000);
    expect(lobby(faulty).chilledW).toBeGreaterThan(2000);
  });

  it('a fouled coil needs more water for the same air; a stuck valve lets the air go where it wants', () => {
    const run = { from: summer, hours: 15 };
    const { healthy, faulty } = compare(run, [{ equipment: 'ahu-1', fault: 'coil-fouled', atH: 0, severity: 0.4 }]);
    expect(faulty.ahus[0]!.coolerPct).toBeGreaterThan(healthy.ahus[0]!.coolerPct + 15);
    const { faulty: stuck } = compare(run, [{ equipment: 'ahu-1', fault: 'cooling-valve-stuck', atH: 0 }]);
    expect(stuck.ahus[0]!.supply.c).toBeGreaterThan(healthy.ahus[0]!.supply.c + 5);
  });

  it('a supply sensor that reads high makes the air cold behind a reading that looks right', () => {
    const { faulty } = compare({ from: summer, hours: 15 }, [
      { equipment: 'ahu-1', fault: 'supply-sensor-drift', atH: 9, severity: 0.25 },
    ]);
    expect(faulty.ahus[0]!.seenSupplyC).toBeCloseTo(faulty.ahus[0]!.supplySetpointC, 0);
    expect(faulty.ahus[0]!.supply.c).toBeLessThan(faulty.ahus[0]!.seenSupplyC - 1.5);
  });

  it('a loop with too much gain swings', () => {
    const swing = (befalls: readonly Befalls[]): number => {
      let low = 99;
      let high = -99;
      runAir({
        from: summer,
        hours: 12,
        befalls,
        each: ({ ahus }, _, hour) => {
          if (hour < 11) return;
          low = Math.min(low, ahus[0]!.coolerPct);
          high = Math.max(high, ahus[0]!.coolerPct);
        },
      });
      return high - low;
    };
    expect(swing([])).toBeLessThan(10);
    expect(swing([{ equipment: 'ahu-1', fault: 'control-hunting', atH: 8 }])).toBeGreaterThan(50);
  });

  it('a slipping belt costs air and duct pressure', () => {
    const { healthy, faulty } = compare({ from: summer, hours: 12 }, [
      { equipment: 'ahu-1', fault: 'fan-belt-slipping', atH: 8, severity: 0.3 },
      { equipment: 'ahu-3', fault: 'fan-belt-slipping', atH: 8, severity: 0.5 },
    ]);
    expect(faulty.ahus[0]!.supply.kgS / healthy.ahus[0]!.supply.kgS).toBeLessThan(0.9);
    expect(faulty.ahus[0]!.supplyRpm).toBeGreaterThan(2000);
    expect(lobby(faulty).ductPa).toBeLessThan(200);
    expect(lobby(healthy).ductPa).toBeGreaterThan(220);
  });

  it('a box that stands open takes the air of its neighbour and of the room', () => {
    const { healthy, faulty } = compare({ from: summer, hours: 12 }, [
      { equipment: 'vav-lobby-1', fault: 'vav-stuck-open', atH: 9 },
    ]);
    expect(lobby(faulty).boxes[0]!.seenFlowPct).toBeGreaterThan(115);
    expect(lobby(faulty).boxes[0]!.serviceInfo).toBe(false);
    expect(lobby(faulty).powerW).toBeGreaterThan(lobby(healthy).powerW);
  });

  it('a fouled condenser costs power', () => {
    const cop = ({ chilled }: Air): number => chilled.chillers[0]!.coolingW / chilled.chillers[0]!.compressorW;
    const { healthy, faulty } = compare({ from: summer, hours: 36 }, [
      { equipment: 'chiller-1', fault: 'condenser-fouled', atH: 30, severity: 0.5 },
    ]);
    expect(cop(faulty)).toBeLessThan(cop(healthy) * 0.92);
    expect(airPowerW(faulty)).toBeGreaterThan(airPowerW(healthy));
  });

  it('a sensor that stands still leaves the room to drift, one that drifts low over-ventilates its box', () => {
    const { faulty } = compare({ from: summer, hours: 15 }, [
      { equipment: 'zone-low', fault: 'zone-sensor-stuck', atH: 3 },
      { equipment: 'vav-lobby-1', fault: 'vav-sensor-drift', atH: 8, severity: 0.4 },
    ]);
    const low = faulty.zones.find(({ id }) => id === 'zone-low')!;
    expect(low.airC - low.seenC).toBeGreaterThan(1.5);
    const [drifted, other] = lobby(faulty).boxes;
    expect(drifted!.kgS).toBeGreaterThan(other!.kgS * 1.3);
  });
});

it('every fault of the air is tried here or by its alarms', () => {
  const tried = new Set(Object.values(faultCases).flatMap(({ befalls }) => befalls.map(({ fault }) => fault)));
  const compared = [
    'linkage-loose',
    'damper-leaking',
    'cooling-valve-leak',
    'coil-fouled',
    'cooling-valve-stuck',
    'supply-sensor-drift',
    'control-hunting',
    'fan-belt-slipping',
    'condenser-fouled',
    'zone-sensor-stuck',
    'vav-sensor-drift',
    'vav-stuck-open',
  ];
  const missing = [...airFaults, ...coolingFaults]
    .map(({ id }) => id)
    .filter((id) => !tried.has(id) && !compared.includes(id));
  expect(missing).toEqual([]);
});
