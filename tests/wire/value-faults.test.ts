import { eventually } from '@plantroom/contracts/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FaultBed } from './fault-bed.ts';

/** Fire and elevators apart, one device of each way in which profiles say things: floats, sentinels, coils, 32-bit counters. */
const bed = new FaultBed([
  { id: 'meter', profile: 'eastron/sdm630', role: 'meter' },
  { id: 'level', profile: 'keller/35x', role: 'tank' },
  { id: 'booster', profile: 'grundfos/cim-booster', role: 'set' },
  { id: 'indoor', profile: 'lg/pdrycb500', role: 'unit' },
]);
/** Counters of the booster set. */
const counted = ['run-hours', 'powered-hours', 'energy', 'starts', 'volume'];

beforeAll(async () => {
  await bed.startDevices();
  await bed.startGateway();
  // What has never been read and is refused would be taken for what the device does not have, and asked for every five minutes.
  const first = { meter: 'frequency', level: 'temperature', booster: 'energy', indoor: 'running' };
  for (const [id, point] of Object.entries(first))
    await eventually(() => expect(bed.last(id, point)?.quality).toBe('good'));
});
afterAll(() => bed.stop());

/** The next `count` readings of a point. */
async function next(equipment: string, point: string, count: number) {
  const from = bed.readings(equipment, point).length;
  return await eventually(() => {
    const since = bed.readings(equipment, point).slice(from);
    expect(since.length).toBeGreaterThanOrEqual(count);
    return since;
  });
}

describe('a device that answers, and says what is not so', () => {
  test('one point that it refuses is bad, and no other', async () => {
    const id = bed.fault({ equipment: 'meter', fault: 'wire-illegal-address', point: 'frequency' });
    await eventually(() =>
      expect(bed.last('meter', 'frequency')).toMatchObject({ value: null, reason: 'device-error' }),
    );
    await next('meter', 'energy-import', 3);
    expect([bed.state('meter'), bed.last('meter', 'voltage-l1')?.quality]).toEqual(['online', 'good']);
    bed.clear(id);
    await eventually(() => expect(bed.last('meter', 'frequency')?.quality).toBe('good'));
  });

  test('NaN of a float and the sentinel of an integer are no values', async () => {
    const ids = [
      bed.fault({ equipment: 'level', fault: 'wire-invalid', point: 'temperature' }),
      bed.fault({ equipment: 'booster', fault: 'wire-invalid', point: 'flow' }),
    ];
    for (const [id, point] of [
      ['level', 'temperature'],
      ['booster', 'flow'],
    ] as const)
      await eventually(() => expect(bed.last(id, point)).toMatchObject({ value: null, quality: 'bad' }));
    expect([bed.last('level', 'level')?.quality, bed.state('level')]).toEqual(['good', 'online']);
    for (const id of ids) bed.clear(id);
    await eventually(() => expect(bed.last('level', 'temperature')?.quality).toBe('good'));
  });

  test('a drift within what is plausible is believed, because nobody at the gateway can know better', async () => {
    const truth = Number(bed.truth('meter', 'frequency'));
    const id = bed.fault({ equipment: 'meter', fault: 'wire-drift', point: 'frequency', severity: 0.2 });
    const [little] = await next('meter', 'frequency', 1);
    expect(little!.quality).toBe('good');
    expect(Number(little!.value)).toBeGreaterThan(truth);
    bed.clear(id);
    await eventually(() => expect(bed.last('meter', 'frequency')!.value).toBeCloseTo(truth, 3));
  });

  test('a reading that shakes does so around the truth', async () => {
    const id = bed.fault({ equipment: 'meter', fault: 'wire-noise', point: 'current-l1', severity: 0.5 });
    const shaken = (await next('meter', 'current-l1', 4)).slice(1).map(({ value }) => Number(value));
    expect(new Set(shaken).size).toBeGreaterThan(1);
    bed.clear(id);
  });

  test('a contact that bounces is reported as it stands at each poll', async () => {
    const id = bed.fault({ equipment: 'indoor', fault: 'wire-bounce', point: 'running' });
    const states = (await next('indoor', 'running', 4)).map(({ value, quality }) => `${value} ${quality}`);
    expect(new Set(states)).toEqual(new Set(['true good', 'false good']));
    bed.clear(id);
    await eventually(() => expect(bed.last('indoor', 'running')?.value).toBe(false));
  });

  test('a value that is stuck stays, and the others go on', async () => {
    const id = bed.fault({ equipment: 'booster', fault: 'wire-stuck', point: 'energy' });
    const from = bed.readings('booster', 'energy').length;
    await next('booster', 'starts', 4);
    // One more may have been on its way.
    expect(bed.readings('booster', 'energy').length - from).toBeLessThanOrEqual(1);
    bed.clear(id);
    await next('booster', 'energy', 1);
  });

  test('a device that is stuck as a whole is on line and says nothing new', async () => {
    const id = bed.fault({ equipment: 'booster', fault: 'wire-stuck' });
    const [energy, requests] = [bed.readings('booster', 'energy').length, bed.line('booster').responses];
    await eventually(() => expect(bed.line('booster').responses).toBeGreaterThan(requests + 20));
    expect(bed.readings('booster', 'energy').length - energy).toBeLessThanOrEqual(1);
    expect(bed.state('booster')).toBe('online');
    bed.clear(id);
    await next('booster', 'energy', 1);
  });

  test('counters of a device that has restarted were reset', async () => {
    const before = bed.counters().resets;
    const id = bed.fault({ equipment: 'booster', fault: 'wire-restart', severity: 0.1 });
    await eventually(() => expect(bed.counters().resets).toBe(before + counted.length));
    expect(Number(bed.last('booster', 'energy')!.value)).toBeLessThan(1000);
    bed.clear(id);
  });

  test('a counter that comes to its end has wrapped', async () => {
    const { wraps } = bed.counters();
    bed.fault({ equipment: 'booster', fault: 'wire-rollover', point: 'volume', severity: 0.5 });
    await eventually(() => expect(Number(bed.last('booster', 'volume')!.value)).toBeGreaterThan(42_949_600));
    await eventually(() => expect(bed.counters().wraps).toBe(wraps + 1));
    expect(Number(bed.last('booster', 'volume')!.value)).toBeLessThan(100);
  });
});
