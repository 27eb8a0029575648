import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { loadCatalog, parseDuration } from '@plantroom/device-profiles';
import { describe, expect, it } from 'vitest';
import { FaultBoard } from '../faults/fault-board.ts';
import { type Building, newBuilding } from './building.ts';
import { BuildingRunner } from './building-runner.ts';
import { demoBuilding } from './building-spec.ts';
import { shaft } from './elevator/machine.ts';
import { partsOf } from './parts.ts';
import { pointReaders } from './points/building-points.ts';
import { sum } from './power/meter.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';

/** A Tuesday, 08:00 in Shanghai. */
const startMs = Date.UTC(2026, 2, 3, 0);
const spec = demoBuilding([
  { id: 'fire-zone-lobby', detectors: [1, 2, 3] },
  { id: 'fire-zone-b1', detectors: [4, 5] },
]);
const classes = new Map([
  ['pump-1', 'pump'],
  ['pump-2', 'pump'],
  ['booster-1', 'booster-pump-set'],
  ['elevator-1', 'elevator'],
  ['meter-hvac', 'power-meter'],
  ['fire-zone-lobby', 'fire-zone'],
  ['ahu-1', 'ahu'],
  ['leak-2', 'leak-detector'],
]);

function run(from?: Building, atMs = startMs) {
  const clock = new VirtualClock(atMs);
  const faults = new FaultBoard(classes);
  const runner = new BuildingRunner({ spec, building: from ?? newBuilding(spec, 7, atMs), faults, clock });
  runner.start();
  return { clock, faults, runner };
}

const values = (building: Building, id: string) => pointReaders(spec).get(id)!(building);

describe('the model', () => {
  it('keeps energy, mass and shaft in order through an hour of the morning', () => {
    const { clock, runner } = run();
    const before = runner.building.water.tank.volumeM3;
    const lossBefore = runner.building.power.boardLossKwh;
    for (let second = 0; second < 3600; second++) {
      clock.advance(1000);
      const { power, water, elevators } = runner.building;
      const lossKwh = power.boardLossKwh - lossBefore;
      expect(power.incomer.importKwh).toBeCloseTo(sum(power.feeders.map((f) => f.importKwh)) + lossKwh, 4);
      expect(water.tank.volumeM3).toBeCloseTo(before + water.tank.filledM3 - water.tank.drawnM3, 6);
      for (const car of elevators.cars) {
        expect(car.positionM).toBeGreaterThanOrEqual(0);
        expect(car.positionM).toBeLessThanOrEqual((shaft.floors - 1) * shaft.floorHeightM);
        if (car.velocityMs !== 0) expect(car.door).toBe(0);
      }
    }
    expect(sum(runner.building.elevators.cars.map((car) => car.doorCycles))).toBeGreaterThan(0);
    expect(runner.building.water.network.pressureKpa).toBeGreaterThan(530);
  });

  it('runs the same course from the same seed, and goes on from a saved state as if it had not stopped', () => {
    const whole = run();
    whole.clock.advance(120_000);
    const first = run();
    first.clock.advance(60_000);
    const saved = JSON.parse(JSON.stringify(first.runner.building)) as Building;
    const second = run(saved, first.clock.nowMs());
    second.clock.advance(60_000);
    expect(second.runner.building).toEqual(whole.runner.building);
  });

  it('stays inside the plausible ranges and without class alarms when healthy', () => {
    const { catalog } = loadCatalog();
    const { clock, runner } = run();
    for (let minute = 0; minute < 60; minute++) {
      clock.advance(60_000);
      for (const [id, ofClass] of [
        ...classes,
        ['tank-1', 'tank'],
        ['zone-low', 'hvac-zone'],
        ['meter-incomer', 'power-meter'],
      ] as const) {
        const found = catalog.classes.get(ofClass)!;
        const now = values(runner.building, id);
        for (const [point, { range }] of Object.entries(found.points)) {
          const value = now[point];
          if (range === undefined || typeof value !== 'number') continue;
          expect(value, `${id}/${point}`).toBeGreaterThanOrEqual(range[0]);
          expect(value, `${id}/${point}`).toBeLessThanOrEqual(range[1]);
        }
        for (const [name, { point, condition, onDelay }] of Object.entries(found.alarms)) {
          const value = now[point];
          // What comes and goes within the delay of its rule, as people in a light curtain do, is no alarm.
          if (parseDuration(onDelay) > 60_000) continue;
          if (value === undefined || value === null || condition.type === 'offline') continue;
          if (condition.type === 'non-zero') expect(value, `${id} ${name}`).toBe(0);
          else if (condition.type === 'off-normal') expect(condition.values, `${id} ${name}`).not.toContain(value);
          else if (condition.type !== 'limit') continue;
          else if (condition.kind.startsWith('H')) expect(value, `${id} ${name}`).toBeLessThan(condition.limit);
          else expect(value, `${id} ${name}`).toBeGreaterThan(condition.limit);
        }
      }
    }
  });
});

describe('faults', () => {
  function after(equipment: string, fault: string, seconds = 60) {
    const healthy = run();
    const faulty = run();
    for (const one of [healthy, faulty]) one.clock.advance(60_000);
    faulty.faults.set({ equipment, fault }, faulty.clock.nowMs());
    for (const one of [healthy, faulty]) one.clock.advance(seconds * 1000);
    return { healthy: healthy.runner.building, faulty: faulty.runner.building };
  }

  it('a dry run stops the set with code 57, pressure falls, and fire, air and leaks go on as before', () => {
    const { healthy, faulty } = after('booster-1', 'dry-run', 240);
    expect(values(faulty, 'booster-1')).toMatchObject({ 'alarm-code': 57, alarm: true, running: false });
    expect(faulty.water.network.pressureKpa).toBeLessThan(300);
    expect([faulty.fire, faulty.air, faulty.leaks]).toEqual([healthy.fire, healthy.air, healthy.leaks]);
  });

  it('a worn bearing shakes, and more than its neighbours', () => {
    const { faulty } = after('pump-1', 'bearing-wear');
    const worn = values(faulty, 'pump-1');
    expect(worn['vibration-velocity-z']).toBeGreaterThan(6.5);
    expect(worn['kurtosis-z']).toBeGreaterThan(6);
    expect(values(faulty, 'pump-2')['vibration-velocity-z']).toBeLessThan(4);
  });

  it('an open safety circuit stops the car with E41', () => {
    const { faulty } = after('elevator-1', 'safety-circuit', 5);
    expect(values(faulty, 'elevator-1')).toMatchObject({ 'fault-code': 41, speed: 0, 'safety-chain': false });
  });

  it('smoke raises fire in its own zone only', () => {
    const { faulty } = after('fire-zone-lobby', 'smoke');
    expect(values(faulty, 'fire-zone-lobby').fire).toBe(true);
    expect(values(faulty, 'fire-zone-b1').fire).toBe(false);
    expect(values(faulty, 'fire-panel-1')['fire-count']).toBeGreaterThan(0);
  });

  it('phase loss takes L2 of that feeder only', () => {
    const { faulty } = after('meter-hvac', 'phase-loss', 5);
    expect(values(faulty, 'meter-hvac')['voltage-l2']).toBeLessThan(110);
    expect(values(faulty, 'meter-pumps')['voltage-l2']).toBeGreaterThan(200);
  });

  it('are refused with what is allowed', () => {
    const board = new FaultBoard(classes);
    expect(() => board.set({ equipment: 'pump-2', fault: 'smoke' }, 0)).toThrow(
      /does not befall class pump; allowed for pump-2: bearing-wear/,
    );
    expect(() => board.set({ equipment: 'pump-9', fault: 'smoke' }, 0)).toThrow(
      /no equipment "pump-9"; allowed: pump-1, pump-2/,
    );
    const withParts = new FaultBoard(classes, undefined, { parts: partsOf(spec) });
    expect(() => withParts.set({ equipment: 'ahu-1', fault: 'heating-valve-stuck' }, 0)).toThrow(
      /does not befall what is or has no water heater; allowed for ahu-1: .*heater-welded/,
    );
    expect(() => board.clear('fault-1')).toThrow(/no active fault "fault-1"; active: none/);
  });
});

describe('the saved state', () => {
  it('comes back, and a damaged one is set aside', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plantroom-sim-'));
    const file = join(folder, 'building.json');
    const like = { building: newBuilding(spec, 7, startMs), faults: { next: 1, active: [] }, time: { offsetMs: 0 } };
    const options = { like, nowMs: 5, logger: silentLogger };
    try {
      expect(await readSnapshot(file, options)).toBeUndefined();
      await writeSnapshot(file, like);
      expect(await readSnapshot(file, options)).toEqual(like);
      writeFileSync(file, '{"building":');
      expect(await readSnapshot(file, options)).toBeUndefined();
      expect(readdirSync(folder)).toEqual(['building.json.damaged-5']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
