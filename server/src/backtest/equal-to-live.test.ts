import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BacktestRequest,
  type BacktestResult,
  type Quality,
  type QualityReason,
  type Reading,
  silentLogger,
  VirtualClock,
} from '@plantroom/contracts';
import type { ClassAlarm, EquipmentClass } from '@plantroom/device-profiles';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CurrentValues } from '../current/current-values.ts';
import { Engine } from '../engine/engine.ts';
import { DuckDbHistorian } from '../historian/duckdb-historian.ts';
import { recordForeign } from '../ingest/record-foreign.ts';
import { type Database, openDatabase } from '../repositories/database.ts';
import { readJournal } from '../repositories/journal-repository.ts';
import { alarmSources } from './alarm-sources.ts';
import { BacktestService } from './backtest-service.ts';

const text = { zh: '测试', en: 'test' };
const words = { name: text, cause: text, consequence: text, response: text, timeToRespond: '10min' };
const alarm = (point: string, condition: ClassAlarm['condition'], more: Partial<ClassAlarm> = {}): ClassAlarm => ({
  ...{ point, condition, onDelay: '30s', offDelay: '60s', priority: 'high', opensOrder: false, ...words },
  ...more,
});
const number = { name: text, kind: 'number', unit: 'none' } as const;
const flag = { name: text, kind: 'boolean', unit: 'none' } as const;

const machine: EquipmentClass = {
  class: 'machine',
  name: text,
  system: 'water',
  points: {
    pressure: number,
    setpoint: number,
    code: { ...number, kind: 'enum' },
    command: flag,
    running: flag,
    door: flag,
  },
  failureModes: {},
  alarms: {
    high: alarm('pressure', { type: 'limit', kind: 'H', limit: 55, deadband: 2 }),
    low: alarm('pressure', { type: 'limit', kind: 'L', limit: 45 }, { onDelay: '0s', offDelay: '0s', latching: true }),
    fault: alarm('code', { type: 'non-zero' }, { onDelay: '2s', offDelay: '10s' }),
    open: alarm('door', { type: 'off-normal', values: [true] }, { onDelay: '5min' }),
    gated: alarm('pressure', { type: 'limit', kind: 'H', limit: 54, deadband: 1 }, {
      enabledWhen: { when: { point: 'running', is: [true] }, for: '2min' },
    } as Partial<ClassAlarm>),
    'not-running': alarm('command', { type: 'mismatch', feedback: 'running' }, { onDelay: '20s', offDelay: '0s' }),
    off: alarm('pressure', { type: 'deviation', from: 'setpoint', above: 5, below: 5, deadband: 1 }),
    jump: alarm('pressure', { type: 'rate', rise: 6, windowMs: 300_000 }, { onDelay: '0s' }),
    restless: alarm('door', { type: 'count', of: { is: [true] }, times: 3, windowMs: 1_800_000 }, { onDelay: '0s' }),
    both: alarm('door', {
      type: 'expression',
      when: {
        allOf: [
          { is: [true] },
          {
            anyOf: [
              { point: 'running', is: [true] },
              { above: 53, point: 'pressure' },
            ],
          },
        ],
      },
    }),
  },
};

const fromMs = Date.UTC(2026, 0, 10);
const toMs = fromMs + 12 * 3_600_000;
const gateway = 'hq/edge';
const point = (name: string): string => `hq/m-1/${name}`;
const names = Object.keys(machine.points);
const clock = new VirtualClock(fromMs);
let folder = '';
let historian: DuckDbHistorian;
let database: Database;
let engine: Engine;
let service: BacktestService;

/** Twelve hours of a machine, each ten seconds, with excursions, states that come and go, and points that are lost, stale or out of range for a while. */
async function live(): Promise<void> {
  const sink = recordForeign(engine, { historian, logger: silentLogger });
  sink.gatewayOnline(gateway, fromMs);
  const born = { class: 'machine', profile: null, unit: null, lane: 'live' as const, silenceMs: null };
  sink.deviceOnline(
    gateway,
    'box',
    names.map((name) => ({ ...born, point: point(name) })),
    fromMs,
  );
  let seed = 20_260_110;
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const states = { door: false, running: true, command: true, code: 0, setpoint: 50 };
  const away = new Map<string, { untilMs: number; quality: Quality; reason: QualityReason }>();
  let pressure = 50;
  for (let atMs = fromMs; atMs < toMs; atMs += 10_000) {
    clock.advance(atMs - clock.nowMs());
    pressure += (random() - 0.5) * 1.6 + (50 - pressure) * 0.01;
    if (random() < 0.01) states.door = !states.door;
    if (random() < 0.004) states.command = !states.command;
    if (random() < 0.05) states.running = states.command;
    if (random() < 0.006) states.code = states.code === 0 ? 17 : 0;
    if (random() < 0.004) states.setpoint = 47 + Math.floor(random() * 7);
    const values = { ...states, pressure: Math.round(pressure * 10) / 10 };
    const readings = names.flatMap((name, i): Reading[] => {
      const held = away.get(name);
      const wireTimeMs = atMs + i * 7;
      if (held !== undefined && held.untilMs > atMs) return [];
      away.delete(name);
      const value = values[name as keyof typeof values];
      if (held === undefined && random() < 0.002) {
        const kinds = [
          { quality: 'bad', reason: 'device-error' },
          { quality: 'uncertain', reason: 'out-of-range' },
        ] as const;
        const kind = kinds[Math.floor(random() * 2)] ?? kinds[0];
        away.set(name, { untilMs: atMs + 60_000 + random() * 900_000, ...kind });
        return [{ point: point(name), value: kind.quality === 'bad' ? null : value, wireTimeMs, ...kind }];
      }
      return [{ point: point(name), value, quality: 'good', wireTimeMs }];
    });
    sink.readings(gateway, readings, false);
    sink.watermark(gateway, atMs + 1_000);
    await engine.settled();
  }
  clock.advance(toMs - clock.nowMs());
  sink.watermark(gateway, toMs);
  await engine.settled();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plantroom-backtest-'));
  historian = new DuckDbHistorian({ folder, logger: silentLogger, clock });
  await historian.start();
  database = await openDatabase(':memory:');
  const catalog = { classes: new Map([['machine', machine]]) };
  engine = new Engine({ database, catalog, current: new CurrentValues(), clock, logger: silentLogger });
  await engine.start();
  service = new BacktestService({
    historian,
    sources: () => alarmSources(engine, catalog),
    timeZoneOf: () => 'Asia/Shanghai',
    clock,
    logger: silentLogger,
  });
  await live();
  // Stored behind everything that was recorded.
  await historian.write([{ point: 'hq/other/flow', timeMs: toMs, value: 0 }], []);
});
afterAll(async () => {
  await service.stop();
  await engine.stop();
  await database.close();
  await historian.stop();
  await rm(folder, { recursive: true });
});

async function tried(request: Partial<BacktestRequest>): Promise<BacktestResult> {
  const run = service.start('engineer', { changes: [], from: fromMs, to: toMs, ...request });
  await run.ended;
  const { result, error } = service.view(run);
  if (result === null) throw new Error(error ?? run.state);
  return result;
}

async function journal(id: string) {
  const { items } = await readJournal(database.db, { alarm: id, limit: 1000 });
  const of = (...actions: string[]) =>
    items
      .filter(({ action }) => actions.includes(action))
      .map(({ atMs }) => atMs)
      .reverse();
  return { raised: of('activated', 'reactivated'), returned: of('returned', 'latched') };
}

const rules = Object.keys(machine.alarms).map(
  (rule) => [rule, `${point(machine.alarms[rule]!.point)}#${rule}`] as const,
);

describe('unchanged definitions give on history what the engine raised and returned live', () => {
  test.each(rules)('%s', async (_, id) => {
    const { alarms } = await tried({ alarms: [id] });
    const occurrences = alarms[0]?.after?.occurrences ?? [];
    const told = await journal(id);
    expect(told.raised.length).toBeGreaterThan(0);
    expect(occurrences.map(({ raisedMs }) => raisedMs)).toEqual(told.raised);
    expect(occurrences.flatMap(({ returnedMs }) => returnedMs ?? [])).toEqual(told.returned);
    expect(alarms[0]?.difference).toMatchObject({ moved: 0, gone: 0, new: 0, same: occurrences.length });
  });

  test('also from a closed day, and for all alarms of the equipment at once', async () => {
    clock.advance(2 * 86_400_000);
    await historian.maintain();
    const { alarms, days } = await tried({ equipment: ['hq/m-1'] });
    expect(alarms).toHaveLength(rules.length);
    // Eight in the morning in Shanghai, to the evening of the same day.
    expect(days).toEqual([fromMs]);
    for (const { alarm: id, before, after } of alarms) {
      const told = await journal(id);
      expect(before?.occurrences.map(({ raisedMs }) => raisedMs)).toEqual(told.raised);
      expect(after?.count).toBe(told.raised.length);
    }
  });
});

describe('what is changed', () => {
  test('a higher limit and a longer delay leave less, and the difference says what is gone', async () => {
    const id = `${point('pressure')}#high`;
    const { alarms } = await tried({ alarms: [id], changes: [{ limit: 56, onDelayMs: 120_000 }] });
    const [tested] = alarms;
    expect(tested?.before?.condition).toMatchObject({ limit: 55, deadband: 2 });
    expect(tested?.after?.condition).toMatchObject({ limit: 56, deadband: 2 });
    expect(tested?.after?.activeMs).toBeLessThan(tested?.before?.activeMs ?? 0);
    const { gone = 0, moved = 0, same = 0 } = tested?.difference ?? {};
    expect(gone + moved + same).toBe(tested?.before?.count);
    expect(gone + moved).toBeGreaterThan(0);
  });

  test('disabled: nothing is left; of an alarm that does not exist yet everything is new', async () => {
    const off = await tried({ alarms: [`${point('pressure')}#high`], changes: [{ enabled: false }] });
    expect(off.alarms[0]?.after).toBeNull();
    expect(off.alarms[0]?.difference.gone).toBe(off.alarms[0]?.before?.count);
    const id = `${point('pressure')}#HH`;
    const condition = { type: 'limit', kind: 'HH', limit: 54 } as const;
    const fresh = await tried({ alarms: [id], changes: [{ alarm: id, condition }] });
    expect(fresh.alarms[0]?.before).toBeNull();
    expect(fresh.alarms[0]?.difference.new).toBe(fresh.alarms[0]?.after?.count);
    expect(fresh.alarms[0]?.after?.count).toBeGreaterThan(0);
  });

  test.each([
    [{ alarms: ['hq/m-1/nothing#H'] }, 'alarms/0'],
    [{ alarms: ['hq/m-1/pressure#HH'] }, 'alarms/0'],
    [{ equipment: ['hq/other'] }, 'alarms'],
    [{ all: true, changes: [{ alarm: 'hq/m-1/door#x', onDelayMs: 1 }] }, 'changes/0/alarm'],
    [{ all: true, changes: [{ alarm: 'hq/m-1/door#open', limit: 1 }] }, 'changes/0/limit'],
    [{ all: true, from: toMs }, 'to'],
    [{ all: true, from: 0 }, 'to'],
  ])('refused with the field: %j', (request, field) => {
    const begin = () => service.start('engineer', { changes: [], from: fromMs, to: toMs, ...request });
    expect(begin).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST', field }));
  });
});

describe('runs', () => {
  const request: BacktestRequest = { all: true, changes: [], from: fromMs, to: toMs };

  test('a later one of the same user takes the place of the former, those of others go on', async () => {
    const [first, others] = [service.start('a', request), service.start('b', request)];
    const second = service.start('a', request);
    await Promise.all([first.ended, others.ended, second.ended]);
    expect([first.state, others.state, second.state]).toEqual(['cancelled', 'done', 'done']);
    expect(service.find('a', first.id)).toBeUndefined();
    expect(service.find('a', second.id)).toBe(second);
    expect(service.find('b', second.id)).toBeUndefined();
    expect(second.progress).toBe(1);
  });

  test('one that is cancelled ends without a result, also while it waits for its turn', async () => {
    const runs = ['a', 'b', 'c', 'd'].map((user) => service.start(user, request));
    for (const run of runs) service.cancel(run);
    await Promise.all(runs.map(({ ended }) => ended));
    expect(runs.map(({ state, result }) => [state, result])).toEqual(runs.map(() => ['cancelled', null]));
    const next = service.start('a', request);
    await next.ended;
    expect(next.state).toBe('done');
  });

  test('a store that fails is told, and the next run goes on', async () => {
    const broken = new BacktestService({
      historian: { ...historian, reader: () => Promise.reject(new Error('the disk is gone')) } as never,
      sources: () => alarmSources(engine, { classes: new Map([['machine', machine]]) }),
      timeZoneOf: () => 'UTC',
      clock,
      logger: silentLogger,
    });
    const run = broken.start('a', request);
    await run.ended;
    expect(broken.view(run)).toMatchObject({ state: 'failed', error: 'the disk is gone', result: null });
  });
});
