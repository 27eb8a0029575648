import { fork } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { silentLogger, systemClock } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { DuckDbHistorian } from './duckdb-historian.ts';

const writer = fileURLToPath(new URL('./test-helpers/endless-writer.ts', import.meta.url));
const compactor = fileURLToPath(new URL('./test-helpers/compacting-writer.ts', import.meta.url));
const dayMs = 86_400_000;
const point = 'hq/pump-1/flow';

test('after kill -9 in the middle of writing everything that was confirmed is there, once, and writing goes on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plantroom-crash-'));
  let confirmed = 0;
  for (let life = 0; life < 3; life++) {
    const child = fork(writer, [folder, String(confirmed)]);
    const target = confirmed + 30;
    await new Promise<void>((resolve) => {
      child.on('message', (count: number) => {
        confirmed = count;
        if (count >= target) child.kill('SIGKILL');
      });
      child.on('exit', () => resolve());
    });
  }
  const historian = new DuckDbHistorian({ folder, logger: silentLogger, clock: systemClock });
  await historian.start();
  const query = { points: [point], fromMs: 0, toMs: 1e9, aggregate: 'raw', limit: 100_000 } as const;
  const [series] = await historian.query(query);
  // More may be there than was confirmed to us: confirmations that were on their way when the process was killed.
  expect(series!.t.length).toBeGreaterThanOrEqual(confirmed);
  expect(series!.t).toEqual([...series!.t.keys()]);
  expect(series!.v).toEqual(series!.t);
  await historian.write([{ point, timeMs: 900_000_000, value: 1 }], []);
  expect((await historian.latest([point]))[0]?.timeMs).toBe(900_000_000);
  await historian.stop();
  await rm(folder, { recursive: true });
});

test('after kill -9 in the middle of compacting nothing is lost and nothing is there twice', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plantroom-crash-'));
  let confirmed = 0;
  for (let life = 0; life < 6; life++) {
    const child = fork(compactor, [folder, String(confirmed)]);
    const target = confirmed + 40 + life * 17;
    await new Promise<void>((resolve) => {
      child.on('message', (count: number) => {
        confirmed = count;
        if (count >= target) child.kill('SIGKILL');
      });
      child.on('exit', () => resolve());
    });
  }
  const historian = new DuckDbHistorian({ folder, logger: silentLogger, clock: systemClock });
  await historian.start();
  const points = Array.from({ length: 20 }, (_, at) => `hq/pump-${at}/flow`);
  const stored = async (): Promise<number[]> => {
    const all = await historian.query({ points, fromMs: 0, toMs: 5 * dayMs, aggregate: 'raw', limit: 100_000 });
    for (const { t, v } of all) expect(v).toEqual(t.map((timeMs) => timeMs % dayMs));
    return all.flatMap(({ v }) => v.map(Number)).sort((a, b) => a - b);
  };
  const found = await stored();
  expect(found.length).toBeGreaterThanOrEqual(confirmed);
  expect(found).toEqual([...found.keys()]);
  await historian.maintain();
  expect(await stored()).toEqual(found);
  await historian.stop();
  const files = (await readdir(join(folder, 'days'))).map((name) => name.slice(0, 8));
  expect(files.sort()).toEqual(['19700101', '19700102', '19700103', '19700104']);
  await rm(folder, { recursive: true });
});

test('a file that another process holds is one clear error', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plantroom-crash-'));
  const child = fork(writer, [folder, '0']);
  await new Promise((resolve) => child.once('message', resolve));
  const second = new DuckDbHistorian({ folder, logger: silentLogger, clock: systemClock });
  await expect(second.start()).rejects.toThrow('HISTORIAN_LOCKED');
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
  await rm(folder, { recursive: true });
});
