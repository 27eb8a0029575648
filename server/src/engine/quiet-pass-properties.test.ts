import { type PointValue, type Reading, silentLogger, VirtualClock } from '@plantroom/contracts';
import type { ClassAlarm, EquipmentClass } from '@plantroom/device-profiles';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { CurrentValues } from '../current/current-values.ts';
import { QuietReadings } from '../domain/alarms/quiet-readings.ts';
import { loadAlarms } from '../repositories/alarm-repository.ts';
import { openDatabase } from '../repositories/database.ts';
import { readJournal } from '../repositories/journal-repository.ts';
import { Engine } from './engine.ts';
import { RulesByGateway } from './rule-feeds.ts';

const text = { zh: '测试', en: 'test' };
const number = { name: text, kind: 'number', unit: 'degC' } as const;
const alarm = (point: string, over: Partial<ClassAlarm> & Pick<ClassAlarm, 'condition'>): ClassAlarm => ({
  ...{ point, name: text, cause: text, consequence: text, response: text, timeToRespond: '10min' },
  ...{ onDelay: '3s', offDelay: '2s', priority: 'high', opensOrder: false },
  ...over,
});
const running = { when: { point: 'mode', is: [1] } };
/** `heat` and `mode` come through one gateway, `far` through another one. */
const machine: EquipmentClass = {
  class: 'machine',
  name: text,
  system: 'water',
  points: { heat: number, mode: number, far: number },
  failureModes: {},
  alarms: {
    hot: alarm('heat', {
      condition: { type: 'limit', kind: 'H', limit: 3, deadband: 1 },
      enabledWhen: { ...running, forMs: 5000 },
    }),
    cold: alarm('heat', { condition: { type: 'limit', kind: 'L', limit: 2 }, enabledWhen: running, onDelay: '0s' }),
    plain: alarm('heat', { condition: { type: 'limit', kind: 'HH', limit: 4 } }),
    climbing: alarm('heat', {
      condition: { type: 'rate', rise: 3, windowMs: 8000 },
      enabledWhen: { ...running, forMs: 3000 },
    }),
    restless: alarm('mode', {
      condition: { type: 'count', of: { is: [1] }, times: 2, windowMs: 20_000 },
      onDelay: '0s',
    }),
    silent: alarm('heat', { condition: { type: 'no-data', afterMs: 15_000 }, enabledWhen: running }),
    both: alarm('mode', {
      condition: { type: 'expression', when: { allOf: [{ is: [1] }, { point: 'far', above: 3 }] } },
    }),
    'far-high': alarm('far', {
      condition: { type: 'limit', kind: 'H', limit: 3 },
      enabledWhen: { when: { point: 'far', below: 5 }, forMs: 4000 },
    }),
  },
};
const [edge, other] = ['hq/edge', 'hq/other'];
const gatewayOf = { heat: edge, mode: edge, far: other } as const;
type Name = keyof typeof gatewayOf;
const names = Object.keys(gatewayOf) as Name[];

type Step =
  | { what: 'reading'; name: Name; value: PointValue; isGood: boolean }
  | { what: 'time'; s: number; told: readonly string[] }
  | { what: 'away'; gateway: string; lateS: number }
  | { what: 'restart' };

const value = fc.oneof(
  { weight: 2, arbitrary: fc.constant(1) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 5 }) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      what: fc.constant('reading' as const),
      name: fc.constantFrom(...names),
      value,
      isGood: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      what: fc.constant('time' as const),
      s: fc.constantFrom(1, 1, 2, 6),
      told: fc.constantFrom([edge, other], [edge, other], [edge], [other]),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('away' as const),
      gateway: fc.constantFrom(edge, other),
      lateS: fc.nat({ max: 9 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ what: 'restart' as const }) },
);

async function play(steps: readonly Step[]): Promise<{ journal: unknown[]; stored: unknown[]; quiet: number }> {
  const clock = new VirtualClock();
  const database = await openDatabase(':memory:');
  const create = async (): Promise<Engine> => {
    const created = new Engine({
      ...{ database, catalog: { classes: new Map([['machine', machine]]) }, current: new CurrentValues() },
      ...{ clock, logger: silentLogger },
    });
    await created.start();
    return created;
  };
  let engine = await create();
  const values = new Map<Name, PointValue>();
  let quiet = 0;
  const say = (name: Name, said: PointValue, over: Partial<Reading> = {}): void => {
    const reading: Reading = {
      point: `hq/m-1/${name}`,
      value: said,
      quality: 'good',
      wireTimeMs: clock.nowMs(),
      ...over,
    };
    engine.readings(gatewayOf[name], [reading], over.wireTimeMs !== undefined);
  };
  const connect = async (gateway: string): Promise<void> => {
    const its = names.filter((name) => gatewayOf[name] === gateway);
    engine.gatewayOnline(gateway, clock.nowMs());
    const born = its.map((name) => ({
      point: `hq/m-1/${name}`,
      class: 'machine',
      profile: null,
      unit: null,
      lane: 'live' as const,
      silenceMs: null,
    }));
    engine.deviceOnline(gateway, 'box', born, clock.nowMs());
    clock.advance(10);
    for (const name of its) {
      const held = values.get(name);
      if (held !== undefined) say(name, held);
    }
    await engine.settled();
  };
  const upTo = async (gateways: readonly string[]): Promise<void> => {
    for (const gateway of gateways) {
      engine.complete(gateway, 'live', 0);
      engine.watermark(gateway, clock.nowMs());
    }
    await engine.settled();
  };
  for (const gateway of [edge, other]) await connect(gateway);
  for (const one of steps) {
    if (one.what === 'reading') {
      clock.advance(100);
      values.set(one.name, one.value);
      say(one.name, one.value, one.isGood ? {} : { quality: 'bad', reason: 'device-error' });
    } else if (one.what === 'time') {
      clock.advance(one.s * 1000);
      await upTo(one.told);
    } else if (one.what === 'away') {
      const its = names.filter((name) => gatewayOf[name] === one.gateway);
      engine.gatewayOffline(one.gateway, clock.nowMs());
      engine.degraded(
        one.gateway,
        its.map((name) => `hq/m-1/${name}`),
        'uncertain',
        'stale',
        clock.nowMs(),
      );
      await engine.settled();
      const goneMs = clock.nowMs();
      clock.advance(20_000);
      await upTo([edge, other].filter((gateway) => gateway !== one.gateway));
      await connect(one.gateway);
      for (const name of its) say(name, one.lateS % 6, { wireTimeMs: goneMs + 1000 * one.lateS + 500 });
      await engine.settled();
    } else {
      await engine.stop();
      clock.advance(5000);
      engine = await create();
      for (const gateway of [edge, other]) await connect(gateway);
    }
    await engine.settled();
    quiet += [...engine.book.all()].filter(
      (entry) => entry.quiet !== null && entry.quiet.signal() !== entry.signal,
    ).length;
  }
  clock.advance(60_000);
  await upTo([edge, other]);
  await engine.stop();
  const journal = (await readJournal(database.db, { limit: 1000 })).items;
  const stored = (await loadAlarms(database.db)).sort((a, b) => (a.alarm.id < b.alarm.id ? -1 : 1));
  await database.close();
  return { journal, stored, quiet };
}

afterEach(() => vi.restoreAllMocks());

/** As it would be if each reading of each rule were judged in its turn, and each watermark looked at all that wait for a time. */
async function playInFull(steps: readonly Step[]) {
  const { set } = RulesByGateway.prototype;
  vi.spyOn(QuietReadings, 'beside').mockReturnValue(null);
  vi.spyOn(RulesByGateway.prototype, 'set').mockImplementation(function (this: RulesByGateway, rule) {
    set.call(this, rule);
  });
  try {
    return await play(steps);
  } finally {
    vi.restoreAllMocks();
  }
}

describe('readings that change nothing', () => {
  test('are passed over without a trace in journal or database, whatever else happens', async () => {
    let [quiet, entries] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
        const [quick, full] = [await play(steps), await playInFull(steps)];
        expect(full.quiet).toBe(0);
        expect(quick.journal).toEqual(full.journal);
        expect(quick.stored).toEqual(full.stored);
        quiet += quick.quiet;
        entries += quick.journal.length;
      }),
      { numRuns: 60 },
    );
    // Else nothing has been tested.
    expect(quiet).toBeGreaterThan(500);
    expect(entries).toBeGreaterThan(200);
  });
});
