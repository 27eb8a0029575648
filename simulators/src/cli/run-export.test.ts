import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { loadCatalog } from '@plantroom/device-profiles';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HexClient } from '../demo/test-helpers/demo-on-free-ports.ts';
import { readEnvironment } from '../environment.ts';
import { PlanPlayer } from '../replay/plan-player.ts';
import { readReplayPlan } from '../replay/replay-plan.ts';
import { runExport } from './run-export.ts';

const folder = mkdtempSync(join(tmpdir(), 'plantroom-export-'));
const plan = join(folder, 'plan.yaml');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const context = {
  environment: readEnvironment({}),
  clock: new VirtualClock(),
  logger: silentLogger,
  say: () => undefined,
};
const only = ['--points', 'meter-pumps', '--points', 'tank-1', '--points', 'pump-2/bearing-temperature'];
const period = ['--from', '2026-07-01T08:00+08:00', '--for', '10min', '--every', '10s'];

async function exported(name: string, words: readonly string[] = []): Promise<string> {
  const out = join(folder, name);
  expect(await runExport([...period, '--out', out, ...only, ...words], context)).toBe(0);
  return out;
}
const lines = (path: string): string[] => readFileSync(path, 'utf8').trimEnd().split('\n');
const everything = (out: string) => readdirSync(out).map((file) => [file, readFileSync(join(out, file), 'utf8')]);

describe('a simulated period as a labelled data set', () => {
  let first: string;
  beforeAll(async () => {
    writeFileSync(
      plan,
      [
        'faults:',
        '  - { at: 2min, equipment: pump-2, fault: bearing-wear, severity: 0.5, ramp: 4min, until: 8min }',
        '  - { at: 5min, equipment: tank-1, fault: wire-invalid, point: level }',
        '',
      ].join('\n'),
    );
    first = await exported('first', ['--faults', plan]);
  });

  it('is the same byte for byte from the same seed, and another from another', async () => {
    expect(everything(await exported('second', ['--faults', plan]))).toEqual(everything(first));
    const other = await exported('third', ['--faults', plan, '--seed', '9']);
    expect(lines(join(other, 'meter-pumps.csv'))).not.toEqual(lines(join(first, 'meter-pumps.csv')));
  });

  it('has a row for each sample, and an empty cell where the device has no value', () => {
    const [header, ...rows] = lines(join(first, 'tank-1.csv'));
    const level = header!.split(';').indexOf('level');
    expect(rows.length).toBe(60);
    expect(rows[0]!.slice(0, 24)).toBe('2026-07-01T00:00:00.000Z');
    expect(rows.map((row) => row.split(';')[level] === '')).toEqual(Array.from({ length: 60 }, (_, i) => i >= 30));
  });

  it('says what befell what, from when to when, and how far it had grown at each sample', () => {
    expect(lines(join(first, 'labels.csv'))).toEqual([
      'start;end;equipment;fault;point;severity;ramp_s',
      '2026-07-01T00:02:00.000Z;2026-07-01T00:08:00.000Z;pump-2;bearing-wear;;0.5;240',
      '2026-07-01T00:05:00.000Z;2026-07-01T00:10:00.000Z;tank-1;wire-invalid;level;1;0',
    ]);
    const levels = lines(join(first, 'levels.csv'));
    expect(levels).toContain('2026-07-01T00:04:00.000Z;pump-2;bearing-wear;;0.25');
    expect(levels).toContain('2026-07-01T00:07:00.000Z;pump-2;bearing-wear;;0.5');
  });

  it('tells what it was made from', () => {
    const told = JSON.parse(readFileSync(join(first, 'metadata.json'), 'utf8'));
    expect(told).toMatchObject({ seed: 1, everyMs: 10_000, timeZone: 'Asia/Shanghai' });
    expect(told.equipment['tank-1'].points.level).toMatchObject({ unit: 'm', kind: 'number' });
    expect(Object.keys(told.equipment)).toEqual(['meter-pumps', 'tank-1', 'pump-2']);
  });

  it.each([
    [['--points', 'pump-9'], 'equipment there is'],
    [['--points', 'pump-2/colour'], 'allowed of pump-2'],
    [['--every', '70ms'], '--every is "70ms"'],
    [['--from', '2026-07-01'], '--from is "2026-07-01"'],
    [['--faults', 'none.yaml'], 'none.yaml'],
    [['--seed', '4294967296'], '--seed is "4294967296"; allowed: a whole number from 0 to 4294967295'],
  ])('refuses %j', async (words, message) => {
    await expect(runExport([...period, '--out', join(folder, 'x'), ...words], context)).rejects.toThrow(message);
  });

  it('refuses a fault that would end before it begins, and one of another shape', async () => {
    const wrong = join(folder, 'wrong.yaml');
    const refused = (text: string) => {
      writeFileSync(wrong, text);
      return expect(runExport([...period, '--out', join(folder, 'x'), '--faults', wrong], context)).rejects;
    };
    await refused('faults: [{ at: 5min, equipment: pump-2, fault: bearing-wear, until: 5min }]').toThrow(
      /faults\/0\/until: is 5min; allowed: later than 5min/,
    );
    await refused('activities: [{ at: 5min, equipment: pump-2, fault: pump-maintenance, severity: 2 }]').toThrow(
      /activities\/0\/severity: 2 must be <= 1/,
    );
  });

  it('is replayed through devices of its own, in step, with the values that it has', async () => {
    const file = join(folder, 'replay.yaml');
    writeFileSync(
      file,
      [
        'speed: 10',
        'loop: true',
        'devices:',
        '  - { id: meter, profile: eastron/sdm630, csv: first/meter-pumps.csv, port: 0, unitId: 3, units: class }',
        '  - { id: tank, profile: keller/35x, role: tank, csv: first/tank-1.csv, unitId: 2, units: class }',
        '',
      ].join('\n'),
    );
    const clock = new VirtualClock();
    const { catalog } = loadCatalog({ profiles: new Set(['eastron/sdm630', 'keller/35x']) });
    const player = new PlanPlayer({ plan: readReplayPlan(file), catalog, mqttUrl: '', clock, logger: silentLogger });
    await player.start();
    const meter = new HexClient(player.port('meter'));
    const tank = new HexClient(player.port('tank'));
    try {
      const recorded = (name: string, row: number, point: string): number => {
        const [header, ...rows] = lines(join(first, `${name}.csv`));
        return Number(rows[row]!.split(';')[header!.split(';').indexOf(point)]);
      };
      const float = (answer: string): number => Buffer.from(answer.slice(18), 'hex').readFloatBE(0);
      // A second of ours is ten of the recording, one row each.
      for (const row of [0, 1, 7, 29]) {
        clock.advance(row * 1000 - clock.monotonicMs());
        meter.send('0001 0000 0006 03 04 0000 0002');
        expect(float(await meter.take(13))).toBe(Math.fround(recorded('meter-pumps', row, 'voltage-l1')));
        tank.send('0001 0000 0006 02 03 0008 0002');
        expect(float(await tank.take(13))).toBe(Math.fround(recorded('tank-1', row, 'temperature')));
      }
      // No level from 5 min on: the channel says NaN.
      clock.advance(40_000 - clock.monotonicMs());
      tank.send('0001 0000 0006 02 03 0002 0002');
      expect(float(await tank.take(13))).not.toBe(recorded('tank-1', 29, 'level'));
    } finally {
      meter.close();
      tank.close();
      await player.stop();
    }
  });

  it('is refused with file, row, column and value where it cannot be replayed', () => {
    const bad = join(folder, 'bad.csv');
    writeFileSync(
      bad,
      lines(join(first, 'tank-1.csv'))
        .slice(0, 2)
        .join('\n')
        .replace(/;[^;]*$/, ';wet'),
    );
    const file = join(folder, 'bad.yaml');
    writeFileSync(file, 'devices: [{ id: tank, profile: keller/35x, role: tank, csv: bad.csv, units: class }]\n');
    const { catalog } = loadCatalog({ profiles: new Set(['keller/35x']) });
    const options = { catalog, mqttUrl: '', clock: new VirtualClock(), logger: silentLogger };
    expect(() => new PlanPlayer({ plan: readReplayPlan(file), ...options })).toThrow(
      /bad\.csv:2.*"wet" is not a number/,
    );
    writeFileSync(file, 'devices: [{ id: tank, profile: keller/35x, csv: bad.csv }]\n');
    expect(() => new PlanPlayer({ plan: readReplayPlan(file), ...options })).toThrow(/role is ""; allowed: tank, /);
  });
});
