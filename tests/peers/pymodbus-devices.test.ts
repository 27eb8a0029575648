import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Demo } from '../../simulators/src/demo/demo.ts';
import { readEnvironment } from '../../simulators/src/environment.ts';
import { peer } from '../helpers/peers.ts';
import { runPymodbus } from '../helpers/pymodbus-words.ts';

const pymodbus = peer('pymodbus');
const script = fileURLToPath(new URL('../helpers/pymodbus-read.py', import.meta.url));

interface Case {
  /** Connection of the demo's gateway file, and unit id on it. */
  at: readonly [connection: string, unit: number];
  table: 'holding' | 'input';
  /** On the wire, from 0. */
  address: number;
  type: 'u16' | 's16' | 'u32' | 'f32';
  /** Point of GET /state, or the value that must stand there. */
  equals: readonly [equipment: string, point: string] | number;
  /** Class unit of one count of the register; left out: 1. */
  factor?: number;
  /** Added after the factor; left out: 0. */
  offset?: number;
}

const holding = { table: 'holding' } as const;
const meter = { at: ['meters', 1], table: 'input', type: 'f32' } as const;
const incomer = { at: ['incomer', 1], ...holding, type: 'f32' } as const;
const booster = { at: ['pumproom', 1], ...holding, type: 'u16' } as const;
const tank = { at: ['pumproom', 2], ...holding, type: 'f32' } as const;
const sensor = { at: ['pumproom', 11], ...holding, type: 'u16' } as const;
const panel = { at: ['fire', 1], ...holding, type: 'u16' } as const;
const unit = { at: ['ahu1', 1], ...holding, type: 's16' } as const;
const airconditioning = (unitId: number) => ({ at: ['hvac', unitId], table: 'input', type: 's16' }) as const;
const car = { at: ['elevators', 1], ...holding, type: 'u16' } as const;

/** Addresses typed from the manuals: what they number from 1 is one less here. */
const cases: Case[] = [
  // Eastron SDM630, 30001 and on.
  { ...meter, address: 0x0000, equals: ['meter-elevators', 'voltage-l1'] },
  { ...meter, address: 0x000c, equals: ['meter-elevators', 'power-l1'] },
  { ...meter, address: 0x0034, equals: ['meter-elevators', 'power'] },
  { ...meter, address: 0x0046, equals: ['meter-elevators', 'frequency'] },
  { ...meter, address: 0x0048, equals: ['meter-elevators', 'energy-import'] },
  // Schneider PM5560, registers 3000, 3028, 3060 (kW), 3110.
  { ...incomer, address: 2999, equals: ['meter-incomer', 'current-l1'] },
  { ...incomer, address: 3027, equals: ['meter-incomer', 'voltage-l1'] },
  { ...incomer, address: 3059, equals: ['meter-incomer', 'power'], factor: 1000 },
  { ...incomer, address: 3109, equals: ['meter-incomer', 'frequency'] },
  // Grundfos CIM, 00302 flow 0.1 m³/h, 00304 rpm, 00312 W, 00322 0.01 K, 00340 mbar.
  { ...booster, address: 301, equals: ['booster-1', 'flow'], factor: 0.1 },
  { ...booster, address: 303, equals: ['booster-1', 'speed'] },
  { ...booster, address: 311, type: 'u32', equals: ['booster-1', 'power'] },
  { ...booster, address: 321, equals: ['booster-1', 'liquid-temperature'], factor: 0.01, offset: -273.15 },
  { ...booster, address: 339, equals: ['booster-1', 'discharge-pressure'], factor: 0.1 },
  // Keller 35X: P1 in bar, TOB1.
  { ...tank, address: 2, equals: ['tank-1', 'pressure'], factor: 100 },
  { ...tank, address: 8, equals: ['tank-1', 'temperature'] },
  // Banner QM30VT2, 45202 0.001 mm/s, 45204 0.01 °C.
  { ...sensor, address: 5201, equals: ['pump-1', 'vibration-velocity-z'], factor: 0.001 },
  { ...sensor, address: 5203, type: 's16', equals: ['pump-1', 'bearing-temperature'], factor: 0.01 },
  // Notifier MODBUS-GW: detector 1 of loop 1 is inactive and enabled, detector 17 is not programmed.
  { ...panel, address: 0, equals: 0x1400 },
  { ...panel, address: 16, equals: 0xffff },
  // Systemair SAVE, 12102, 12103, 12401.
  { ...unit, address: 12101, equals: ['ahu-1', 'outdoor-temperature'], factor: 0.1 },
  { ...unit, address: 12102, equals: ['ahu-1', 'supply-temperature'], factor: 0.1 },
  { ...unit, address: 12400, type: 'u16', equals: ['ahu-1', 'supply-fan-speed'] },
  // Regin Corrigo E, 30001 outdoor, 30003 run mode, 30007 supply air.
  { ...airconditioning(1), address: 0, equals: ['ahu-3', 'outdoor-temperature'], factor: 0.1 },
  { ...airconditioning(1), address: 2, equals: ['ahu-3', 'run-mode'] },
  { ...airconditioning(1), address: 6, equals: ['ahu-3', 'supply-temperature'], factor: 0.1 },
  // XY-MD02 in the mixing section; Belimo 1 set point and 5 position, 0.01 %; VAV 7 relative flow; Senseair S8 IR4.
  { ...airconditioning(2), address: 1, equals: ['ahu-3', 'mixed-temperature'], factor: 0.1 },
  { ...airconditioning(3), table: 'holding', address: 4, equals: ['damper-ahu-3', 'position'], factor: 0.01 },
  { ...airconditioning(6), table: 'holding', address: 6, equals: ['vav-lobby-1', 'relative-flow'], factor: 0.01 },
  { ...airconditioning(11), address: 3, equals: ['zone-low', 'co2'] },
  // Trane PIC, 30005 leaving water and 30014 condensing temperature, tenths above -45 °C.
  {
    ...airconditioning(21),
    address: 4,
    equals: ['chiller-1', 'evaporator-leaving-temperature'],
    factor: 0.1,
    offset: -45,
  },
  { ...airconditioning(21), address: 13, equals: ['chiller-1', 'condensing-temperature'], factor: 0.1, offset: -45 },
  // Daikin, unit 1-01: room temperature 0.1 °C at 2000 + 6 + 4.
  { ...airconditioning(31), address: 2010, equals: ['vrf-power-room', 'room-temperature'], factor: 0.1 },
  // Inovance NICE3000+, 1018H floor, 1019H 0.1 m.
  { ...car, address: 0x1018, equals: ['elevator-1', 'floor'] },
  { ...car, address: 0x1019, equals: ['elevator-1', 'position'], factor: 0.1 },
];

describe.skipIf(!pymodbus.available)(
  `the simulated devices read by pymodbus ${pymodbus.available ? '' : pymodbus.hint}`,
  () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'plantroom-pymodbus-'));
    const names = [
      'SIM',
      ...['METERS', 'INCOMER', 'PUMPROOM', 'FIRE', 'AHU1', 'AHU2', 'ELEVATORS', 'HVAC'].map((n) => `SIM_${n}`),
    ];
    // A Tuesday morning in Shanghai; the building stands still while it is read.
    const clock = new VirtualClock(Date.UTC(2026, 2, 3, 1));
    const demo = new Demo({
      environment: readEnvironment({
        ...Object.fromEntries(names.map((name) => [`PLANTROOM_${name}_PORT`, '0'])),
        PLANTROOM_DATA_DIR: dataDir,
        // Nobody listens at port 1: the sensors of the broker are not read here.
        PLANTROOM_MQTT_URL: 'mqtt://127.0.0.1:1',
      }),
      clock,
      logger: silentLogger,
    });
    let values: number[];
    let state: { equipment: Record<string, Record<string, unknown>> };

    beforeAll(async () => {
      await demo.start();
      clock.advance(120_000);
      values = await readAll(demo.ports());
      const answer = await fetch(`http://127.0.0.1:${demo.controlPort}/state`);
      state = (await answer.json()) as typeof state;
    });
    afterAll(async () => {
      await demo.stop();
      rmSync(dataDir, { recursive: true, force: true });
    });

    test.each(
      cases.map((one, i) => ({ ...one, i, name: typeof one.equals === 'number' ? 'its word' : one.equals.join('/') })),
    )('$at address $address as $type is $name', ({ i, equals, type, factor = 1, offset = 0 }) => {
      const read = values[i]! * factor + offset;
      if (typeof equals === 'number') {
        expect(read).toBe(equals);
        return;
      }
      const [equipment, point] = equals;
      const now = state.equipment[equipment]?.[point];
      if (typeof now !== 'number') throw new Error(`GET /state has ${now} for ${equipment}/${point}`);
      // A register shows the nearest count; a 32-bit float the nearest float.
      const within = type === 'f32' ? Math.abs(now) * 2 ** -23 : factor * 0.5001;
      expect(Math.abs(read - now), `${read} against ${now}`).toBeLessThanOrEqual(within);
    });

    test('every Modbus profile of the demo has been read', () => {
      expect(new Set(cases.map(({ at }) => at.join('/'))).size).toBe(15);
    });
  },
);

function readAll(ports: Record<string, number>): Promise<number[]> {
  const requests = cases.map(({ at: [connection, unit], table, address, type }) => ({
    port: ports[connection],
    unit,
    table,
    address,
    type,
    byteCount16: connection === 'elevators',
  }));
  return runPymodbus<number[]>(pymodbus, script, requests);
}
