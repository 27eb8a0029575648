import { type Reading, silentLogger, VirtualClock } from '@plantroom/contracts';
import type { DerivedBinding } from '@plantroom/device-profiles';
import { beforeEach, describe, expect, test } from 'vitest';
import { openMemoryOutbox } from '../outbox/memory-outbox.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { testBinding, testDevice } from '../test-helpers/devices.ts';
import { Pipeline } from './pipeline.ts';
import { pointTable } from './point-table.ts';

const flow = testBinding('flow', { range: [0, 100] });
const head = testBinding('head');
const smoke = testBinding('smoke', { equipment: 'zone-1', class: 'fire-zone', kind: 'boolean', lane: 'safety' });
const leak = testBinding('leak', { equipment: 'leak-1', class: 'leak-detector', kind: 'boolean' });
const table = pointTable('tower', [
  testDevice('drive', [flow, head]),
  testDevice('panel', [smoke]),
  testDevice('sensor', [leak], { silenceMs: 3_600_000, protocol: 'mqtt' }),
]);

let clock: VirtualClock;
let outbox: Outbox;
let pipeline: Pipeline;
let startMs: number;
let states: string[];
const stored = (lane: 'live' | 'safety' = 'live'): Reading[] => outbox.read(lane, 0, 10_000)?.readings ?? [];
const summary = (): unknown[] => stored().map((r) => [r.point, r.value, r.reason ?? r.quality]);

beforeEach(() => {
  clock = new VirtualClock();
  startMs = clock.nowMs();
  outbox = openMemoryOutbox({ uplinks: ['influx'], clock, logger: silentLogger });
  pipeline = new Pipeline({ table, outbox, clock, logger: silentLogger });
  states = [];
  pipeline.onDevice((device, state) => states.push(`${device} ${state}`));
  pipeline.start();
});

describe('batches', () => {
  test('readings of one poll go in one append when it settles', () => {
    let appends = 0;
    outbox.onAppend(() => appends++);
    pipeline.raw('drive', flow, [12], startMs);
    pipeline.raw('drive', head, [340], startMs);
    expect(appends).toBe(0);
    pipeline.settled('drive', startMs);
    expect(appends).toBe(1);
    expect(summary()).toEqual([
      ['tower/pump-1/flow', 12, 'good'],
      ['tower/pump-1/head', 340, 'good'],
    ]);
  });

  test('a poll that does not settle is appended after 100 ms', () => {
    pipeline.raw('drive', flow, [12], startMs);
    clock.advance(99);
    expect(stored()).toHaveLength(0);
    clock.advance(1);
    expect(stored()).toHaveLength(1);
  });

  test('the safety lane waits for nobody', async () => {
    pipeline.raw('panel', smoke, { payload: true }, startMs);
    await Promise.resolve();
    expect(stored('safety')).toMatchObject([{ point: 'tower/zone-1/smoke', value: true, wireTimeMs: startMs }]);
  });

  test('what the outbox refuses is kept and appended later, in order', () => {
    const append = outbox.append.bind(outbox);
    let full = true;
    outbox.append = (lane, readings) => {
      if (full) throw new Error('disk full');
      return append(lane, readings);
    };
    pipeline.raw('drive', flow, [1], startMs);
    pipeline.settled('drive', startMs);
    const before = pipeline.watermarkMs();
    clock.advance(1000);
    expect(pipeline.watermarkMs()).toBe(before);
    pipeline.raw('drive', flow, [2], clock.nowMs());
    full = false;
    clock.advance(1000);
    expect(stored().map((r) => r.value)).toEqual([1, 2]);
    expect(pipeline.stats()).toMatchObject({ waiting: 0, dropped: 0 });
    expect(pipeline.stats().failedAppends).toBeGreaterThan(0);
    expect(pipeline.watermarkMs()).toBeGreaterThan(before);
  });
});

describe('receipts', () => {
  test('an MQTT reading is in the outbox when settled returns, however busy the outbox is; when it is refused, settled throws', () => {
    const append = outbox.append.bind(outbox);
    let refuse = false;
    outbox.append = (lane, readings) => {
      if (refuse) throw new Error('disk full');
      clock.advance(30);
      return append(lane, readings);
    };
    for (const value of [true, false, true]) {
      pipeline.raw('sensor', leak, { payload: value }, clock.nowMs());
      pipeline.settled('sensor', clock.nowMs());
      expect(stored().at(-1)?.value).toBe(value);
    }
    refuse = true;
    pipeline.raw('sensor', leak, { payload: false }, clock.nowMs());
    expect(() => pipeline.settled('sensor', clock.nowMs())).toThrow(/"sensor".*PIPELINE_NOT_STORED/);
  });

  test('a slow outbox is not asked for every poll: readings of several polls share an append', () => {
    let appends = 0;
    const append = outbox.append.bind(outbox);
    outbox.append = (lane, readings) => {
      appends++;
      clock.advance(5);
      return append(lane, readings);
    };
    for (let i = 0; i < 10; i++) {
      pipeline.raw('drive', flow, [i], clock.nowMs());
      pipeline.settled('drive', clock.nowMs());
      clock.advance(2);
    }
    clock.advance(100);
    expect(stored()).toHaveLength(10);
    expect(appends).toBe(2);
  });
});

describe('wire time and watermark', () => {
  test('a tie is moved by a millisecond and counted', () => {
    for (const value of [1, 2, 3]) pipeline.raw('drive', flow, [value], startMs);
    pipeline.settled('drive', startMs);
    expect(stored().map((r) => r.wireTimeMs)).toEqual([startMs, startMs + 1, startMs + 2]);
    expect(pipeline.stats().moved).toBe(2);
  });

  test('after a step back of the clock no reading of any point falls behind the watermark', () => {
    pipeline.raw('drive', flow, [1], startMs);
    pipeline.settled('drive', startMs);
    clock.advance(10_000);
    const watermark = pipeline.watermarkMs();
    expect(watermark).toBe(startMs + 9_999);
    clock.step(-8000);
    pipeline.raw('drive', head, [5], clock.nowMs());
    pipeline.settled('drive', clock.nowMs());
    expect(stored().at(-1)).toMatchObject({ value: 5, wireTimeMs: watermark + 1 });
    expect(pipeline.watermarkMs()).toBe(watermark);
  });

  test('the watermark stands still while something waits to be appended', () => {
    const before = pipeline.watermarkMs();
    pipeline.raw('drive', flow, [1], startMs);
    clock.advance(50);
    expect(pipeline.watermarkMs()).toBe(before);
    clock.advance(50);
    expect(pipeline.watermarkMs()).toBe(startMs + 99);
  });
});

describe('silence', () => {
  test('a silent device gives one bad reading per point at its limit and goes offline; a live value brings it back', () => {
    pipeline.raw('drive', flow, [12], startMs);
    pipeline.raw('drive', head, [340], startMs);
    pipeline.settled('drive', startMs);
    clock.advance(2000);
    pipeline.failed('drive', [flow, head], { kind: 'timeout' }, clock.nowMs());
    expect(stored()).toHaveLength(2);
    clock.advance(60_000);
    expect(summary().slice(2)).toEqual([
      ['tower/pump-1/flow', null, 'comm-lost'],
      ['tower/pump-1/head', null, 'comm-lost'],
    ]);
    expect(states).toEqual(['drive online', 'drive offline', 'panel offline']);
    pipeline.raw('drive', flow, [12], clock.nowMs());
    pipeline.settled('drive', clock.nowMs());
    expect(summary().at(-1)).toEqual(['tower/pump-1/flow', 12, 'good']);
    expect(states.at(-1)).toBe('drive online');
  });

  test('a polled value is stale when two polls were missed, and good again with the next answer; what was bad stays bad', () => {
    const slow = pointTable('tower', [testDevice('meter', [flow, head], { silenceMs: 60_000 })]);
    pipeline.stop();
    pipeline = new Pipeline({ table: slow, outbox, clock, logger: silentLogger });
    pipeline.start();
    pipeline.raw('meter', flow, [12], startMs);
    pipeline.raw('meter', head, [Number.NaN], startMs);
    pipeline.settled('meter', startMs);
    clock.advance(2000);
    expect(summary().slice(2)).toEqual([]);
    clock.advance(20_000);
    expect(stored().slice(2)).toMatchObject([
      { point: 'tower/pump-1/flow', value: 12, quality: 'uncertain', reason: 'stale', wireTimeMs: startMs + 3000 },
    ]);
    pipeline.raw('meter', flow, [12], clock.nowMs());
    pipeline.settled('meter', clock.nowMs());
    expect(summary().at(-1)).toEqual(['tower/pump-1/flow', 12, 'good']);
    expect(pipeline.stats().stale).toBe(1);
  });

  test('an MQTT value is never stale for missed polls: it has none', () => {
    pipeline.raw('sensor', leak, { payload: false }, startMs);
    pipeline.settled('sensor', startMs);
    clock.advance(3_500_000);
    expect(summary().filter((entry) => String(entry).includes('leak'))).toEqual([['tower/leak-1/leak', false, 'good']]);
  });

  test('one point of a device may be lost alone, and a refusal is a device error', () => {
    for (let s = 0; s < 10; s++) {
      pipeline.raw('drive', flow, [12], clock.nowMs());
      pipeline.failed('drive', [head], { kind: 'exception', code: 2 }, clock.nowMs());
      pipeline.settled('drive', clock.nowMs());
      clock.advance(1000);
    }
    expect(summary()).toEqual([
      ['tower/pump-1/flow', 12, 'good'],
      ['tower/pump-1/head', null, 'device-error'],
    ]);
    expect(states).not.toContain('drive offline');
  });

  test('a step of the wall clock makes nobody silent', () => {
    pipeline.raw('drive', flow, [12], startMs);
    pipeline.settled('drive', startMs);
    clock.step(3_600_000);
    clock.advance(1000);
    expect(summary()).toEqual([['tower/pump-1/flow', 12, 'good']]);
  });

  test('a device that says that it is gone is lost at once', () => {
    pipeline.raw('sensor', leak, { payload: false }, startMs);
    pipeline.availability('sensor', false, startMs + 1);
    expect(summary()).toEqual([
      ['tower/leak-1/leak', false, 'good'],
      ['tower/leak-1/leak', null, 'comm-lost'],
    ]);
    expect(states).toEqual(['sensor online', 'sensor offline']);
    pipeline.availability('sensor', true, startMs + 2);
    expect(states.at(-1)).toBe('sensor online');
  });
});

describe('derived points', () => {
  const phases = ['l1', 'l2', 'l3'].map((phase) => testBinding(`voltage-${phase}`));
  const mean: DerivedBinding = {
    equipment: 'pump-1',
    class: 'pump',
    point: 'voltage',
    name: { zh: '电压', en: 'voltage' },
    kind: 'number',
    unit: 'V',
    lane: 'live',
    range: [0, 1000],
    deadband: 0,
    at: { protocol: 'derived', inputs: phases.map(({ point }) => point) },
    decode: (inputs) => {
      const worst = inputs.find(({ quality }) => quality !== 'good');
      if (worst?.value === null) return { value: null, quality: 'bad', reason: worst.reason! };
      const value = inputs.reduce((sum, input) => sum + Number(input.value), 0) / inputs.length;
      return worst === undefined
        ? { value, quality: 'good' }
        : { value, quality: worst.quality, reason: worst.reason! };
    },
  };
  const voltages = (): unknown[] =>
    stored()
      .filter(({ point }) => point === 'tower/pump-1/voltage')
      .map((r) => [r.value, r.reason ?? r.quality, r.wireTimeMs - startMs]);
  const poll = (...values: number[]): void => {
    for (const [i, value] of values.entries()) pipeline.raw('meter', phases[i]!, [value], clock.nowMs() + i);
    pipeline.settled('meter', clock.nowMs() + 2);
  };

  beforeEach(() => {
    const meter = pointTable('tower', [testDevice('meter', phases, { silenceMs: 60_000 })], [mean]);
    pipeline.stop();
    pipeline = new Pipeline({ table: meter, outbox, clock, logger: silentLogger });
    states = [];
    pipeline.onDevice((device, state) => states.push(`${device} ${state}`));
    pipeline.start();
  });

  test('one value a poll, at the time of its latest input; none before every input has spoken', () => {
    poll(230, 231);
    expect(voltages()).toEqual([]);
    clock.advance(1000);
    poll(230, 231, 232);
    clock.advance(1000);
    poll(233, 234, 235);
    expect(voltages()).toEqual([
      [231, 'good', 1002],
      [234, 'good', 2002],
    ]);
  });

  test('inputs that do not change keep it alive without a reading', () => {
    for (let s = 0; s < 120; s++) {
      poll(230, 231, 232);
      clock.advance(1000);
    }
    expect(voltages()).toEqual([[231, 'good', 2]]);
    expect(states).toEqual(['meter online']);
  });

  test('it grows stale and is lost with its inputs, and comes back with them', () => {
    poll(230, 231, 232);
    clock.advance(70_000);
    expect(voltages().slice(1)).toMatchObject([
      [231, 'stale', 3000],
      [null, 'comm-lost', 60_000],
    ]);
    expect(states).toEqual(['meter online', 'meter offline']);
    poll(230, 231, 232);
    expect(voltages().at(-1)).toEqual([231, 'good', 70_002]);
    expect(states.at(-1)).toBe('meter online');
  });
});

describe('retained values', () => {
  test('a retained value is uncertain until a live one comes', () => {
    pipeline.raw('sensor', leak, { payload: false }, startMs, { retained: true });
    pipeline.raw('sensor', leak, { payload: false }, startMs + 5);
    pipeline.settled('sensor', startMs + 5);
    expect(summary()).toEqual([
      ['tower/leak-1/leak', false, 'stale'],
      ['tower/leak-1/leak', false, 'good'],
    ]);
  });

  test('the retained copy of a value held live is no news, another value is', () => {
    pipeline.raw('sensor', leak, { payload: false }, startMs);
    pipeline.raw('sensor', leak, { payload: false }, startMs + 5, { retained: true });
    pipeline.raw('sensor', leak, { payload: true }, startMs + 6, { retained: true });
    pipeline.settled('sensor', startMs + 6);
    expect(summary()).toEqual([
      ['tower/leak-1/leak', false, 'good'],
      ['tower/leak-1/leak', true, 'stale'],
    ]);
  });

  test('a retained value does not revive a device that is gone', () => {
    pipeline.availability('sensor', false, startMs);
    pipeline.raw('sensor', leak, { payload: false }, startMs + 5, { retained: true });
    pipeline.settled('sensor', startMs + 5);
    expect(summary()).toEqual([['tower/leak-1/leak', null, 'comm-lost']]);
  });
});

test('two devices that deliver the same point are refused with both names', () => {
  expect(() => pointTable('tower', [testDevice('one', [flow]), testDevice('two', [testBinding('flow')])])).toThrow(
    /"flow" of "tower\/pump-1".*"one".*"two".*POINT_DOUBLE/,
  );
});
