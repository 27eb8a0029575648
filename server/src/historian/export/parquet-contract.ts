import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import type { Historian } from '../historian.ts';
import type { ExportRange } from './export-rows.ts';
import { writeParquet } from './write-parquet.ts';

const t0 = Date.UTC(2026, 0, 10, 8);
let counter = 0;

/** Rows of a Parquet file as (point, ms, value, min, max, quality, reason). */
export async function readParquet(path: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const rows = await connection.runAndReadAll(
      `SELECT point, epoch_ms(time)::DOUBLE, value, min, max, quality, reason FROM read_parquet('${path}')`,
    );
    return rows.getRows();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** What an export must hold, whichever store it is made from. */
export function parquetContract(make: () => Historian): void {
  const exported = async (points: string[], range: ExportRange): Promise<unknown[][]> => {
    const folder = await mkdtemp(join(tmpdir(), 'plantroom-parquet-'));
    try {
      const path = join(folder, 'history.parquet');
      const signal = new AbortController().signal;
      // Pages so small that every export has several.
      await writeParquet({ historian: make(), points, range, path, signal, pageRows: 4 });
      expect(await readdir(folder)).toEqual(['history.parquet']);
      return await readParquet(path);
    } finally {
      await rm(folder, { recursive: true });
    }
  };
  const points = async (): Promise<[string, string]> => {
    const number = ++counter;
    const [a, b] = [`hq/parquet-${number}/a`, `hq/parquet-${number}/b`] as const;
    const samples = Array.from({ length: 11 }, (_, i) => ({ point: a, timeMs: t0 + i * 1_000, value: i / 2 }));
    const held = samples.filter(({ timeMs }) => timeMs < t0 + 4_000 || timeMs >= t0 + 7_000);
    await make().write(
      [...held, { point: b, timeMs: t0 - 5_000, value: 8 }],
      [
        { point: a, timeMs: t0 + 3_500, code: 0, reason: 'comm-lost' },
        { point: a, timeMs: t0 + 8_500, code: 500, reason: 'stale' },
        { point: b, timeMs: t0 - 1_000, code: 0, reason: 'device-error' },
      ],
    );
    return [a, b];
  };

  test('an export of samples has every sample once, with its quality, and a row where data turns bad', async () => {
    const [a, b] = await points();
    const row = (at: number, quality = 192, reason: string | null = null) => [
      a,
      t0 + at,
      at / 2_000,
      null,
      null,
      quality,
      reason,
    ];
    expect(await exported([a, b], { fromMs: t0, toMs: t0 + 60_000, aggregate: 'raw' })).toEqual([
      row(0),
      row(1_000),
      row(2_000),
      row(3_000),
      [a, t0 + 3_500, null, null, null, 0, 'comm-lost'],
      row(7_000),
      row(8_000),
      row(9_000, 500, 'stale'),
      row(10_000, 500, 'stale'),
      [b, t0, null, null, null, 0, 'device-error'],
    ]);
  });

  test('an export of buckets has mean, min and max, with the worst quality of each', async () => {
    const [a] = await points();
    const range = { fromMs: t0, toMs: t0 + 11_000, aggregate: 'minmax', resolutionMs: 2_000 } as const;
    expect(await exported([a], range)).toEqual([
      [a, t0, 0.25, 0, 0.5, 192, null],
      [a, t0 + 2_000, (1 * 1_000 + 1.5 * 500) / 1_500, 1, 1.5, 192, null],
      [a, t0 + 4_000, null, null, null, 0, 'comm-lost'],
      [a, t0 + 6_000, 3.5, 3.5, 3.5, 192, null],
      [a, t0 + 8_000, 4.25, 4, 4.5, 500, 'stale'],
      [a, t0 + 10_000, 5, 5, 5, 500, 'stale'],
    ]);
  });

  test('an export that nobody waits for any more ends and leaves nothing behind', async () => {
    const [a] = await points();
    const folder = await mkdtemp(join(tmpdir(), 'plantroom-parquet-'));
    const path = join(folder, 'history.parquet');
    const range = { fromMs: t0, toMs: t0 + 60_000, aggregate: 'raw' } as const;
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(writeParquet({ historian: make(), points: [a], range, path, signal })).rejects.toThrow('gone');
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });
}
