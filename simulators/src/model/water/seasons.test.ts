import { type ClassAlarm, loadCatalog } from '@plantroom/device-profiles';
import { describe, expect, it } from 'vitest';
import { floorDepthM, newDrainage, stepDrainage } from '../drainage/drainage.ts';
import { newLeaks, stepLeaks } from '../drainage/leaks.ts';
import { newGas, stepGas } from '../gas/gas.ts';
import { gasPoints, sumpPoints, sumpPumpPoints } from '../points/drainage-points.ts';
import { leakPoints } from '../points/leak-points.ts';
import type { PointValues } from '../points/point-values.ts';
import { boosterPoints, pumpPoints, tankPoints } from '../points/water-points.ts';
import { ticks, waterIds } from '../test-helpers/water-course.ts';
import type { Tick } from '../tick.ts';
import { newWater, stepWater, type Water } from './water.ts';

const { catalog } = loadCatalog();
const drainageIds = { sump: 'sump-1', pumps: ['sump-pump-1', 'sump-pump-2'], floorSensor: 'leak-1' };
const hour = 3600;

/** What people do on the first day, by second of the course; nothing of it may raise anything. */
const work: readonly { at: number; until: number; equipment: string; fault: string }[] = [
  { at: 9 * hour, until: 12 * hour, equipment: 'tank-1', fault: 'tank-cleaning' },
  { at: 9 * hour, until: 11 * hour, equipment: 'pump-1', fault: 'pump-maintenance' },
  { at: 14 * hour, until: 14.4 * hour, equipment: 'booster-1', fault: 'pump-changeover' },
  { at: 15 * hour, until: 15.5 * hour, equipment: 'booster-1', fault: 'strainer-cleaning' },
  { at: 16 * hour, until: 16.05 * hour, equipment: 'sump-pump-2', fault: 'pump-test-run' },
];

/** Conditions of a class that are true of values, without their delays. */
function* raised(className: string, values: PointValues): Generator<string> {
  for (const [name, alarm] of Object.entries<ClassAlarm>(catalog.classes.get(className)?.alarms ?? {}))
    if (isTrue(alarm.condition, values[alarm.point])) yield name;
}

function isTrue(condition: ClassAlarm['condition'], value: PointValues[string] | undefined): boolean {
  if (value === undefined || value === null) return false;
  switch (condition.type) {
    case 'limit':
      return condition.kind.startsWith('H') ? Number(value) > condition.limit : Number(value) < condition.limit;
    case 'off-normal':
      return condition.values.includes(value as boolean | number);
    case 'non-zero':
      return value !== 0;
    // Of several points or of time: the scenarios play them.
    default:
      return false;
  }
}

function raisedIn(from: string, weather: { outdoorC: number; rainMmPerH: number }): string[] {
  const seen = new Set<string>();
  let water: Water = newWater(waterIds, 11);
  let drainage = newDrainage(drainageIds, 11);
  let leaks = newLeaks(['leak-1', 'leak-2', 'leak-3']);
  let gas = newGas(['gas-1'], 11);
  let second = 0;
  const note = (equipment: string, className: string, values: PointValues): void => {
    for (const name of raised(className, values)) seen.add(`${equipment} ${name} at ${second} s`);
  };
  const fault = (equipment: string, name: string): number =>
    work.some((w) => w.fault === name && w.equipment === equipment && second >= w.at && second < w.until) ? 1 : 0;
  for (const plain of ticks({ from, seconds: 2 * 24 * hour, ...weather })) {
    second++;
    const tick: Tick = { ...plain, fault };
    water = stepWater(water, waterIds, tick);
    const { tank } = water;
    const inflow = { gutterM3h: tank.overflowM3h + tank.drainM3h, floorM3h: water.spillM3h, roomC: water.roomC };
    drainage = stepDrainage(drainage, drainageIds, { tick, inflow });
    leaks = stepLeaks(leaks, tick, { sensor: 'leak-1', depthM: floorDepthM(drainage) });
    gas = stepGas(gas, tick);
    if (second % 10 !== 0 || seen.size > 20) continue;
    note('booster-1', 'booster-pump-set', boosterPoints(water));
    note('tank-1', 'tank', tankPoints(water));
    for (const pump of water.pumps) note(pump.id, 'pump', pumpPoints(pump, water));
    note('sump-1', 'sump', sumpPoints(drainage));
    for (const pump of drainage.pumps) note(pump.id, 'pump', sumpPumpPoints(pump));
    for (const sensor of leaks.sensors) note(sensor.id, 'leak-detector', leakPoints(sensor));
    for (const room of gas.rooms) note(room.id, 'gas-detector', gasPoints(room));
  }
  return [...seen];
}

describe('two days, the first with work in it, touch no limit', () => {
  it.each([
    ['a cold January', '2026-01-16T00:00:00+08:00', { outdoorC: -4, rainMmPerH: 0 }],
    ['a mild April', '2026-04-17T00:00:00+08:00', { outdoorC: 15, rainMmPerH: 1 }],
    ['a hot August with rain', '2026-08-14T00:00:00+08:00', { outdoorC: 37, rainMmPerH: 30 }],
    ['an October', '2026-10-16T00:00:00+08:00', { outdoorC: 20, rainMmPerH: 0 }],
  ])('in %s', (_, from, weather) => {
    expect(raisedIn(from, weather)).toEqual([]);
  });
});
