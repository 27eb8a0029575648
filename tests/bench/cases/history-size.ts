import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { BenchOptions } from '../bed/bench-bed.ts';
import { HistoryData } from '../bed/history-data.ts';
import { firstDayMs, HistoryStore } from '../bed/history-store.ts';
import { type Figure, rounded } from '../report.ts';

/** A thirtieth of the store of `history`. */
const points = 5_000;
const defaultSamples = 8_333_000;
/** SQLite writes so slowly that it gets a part of the points; its size a sample does not depend on how many there are. */
const peerShare = 10;

/** Bytes a sample of a closed day, roll-ups included; beside it SQLite with the narrowest table it can have, on the same kind of data. */
export async function historySize({ points: samples = defaultSamples }: BenchOptions): Promise<Figure[]> {
  const store = new HistoryStore({ points, days: 1, samples });
  try {
    await store.build();
    const peer = sqlite(points / peerShare, samples / points);
    return [
      {
        name: 'history-size bytes a point on a closed day',
        measured: store.bytes() / store.samples,
        unit: 'bytes',
        limit: { at: 4, sense: 'at most' },
        peer: { name: 'SQLite', measured: peer.bytes },
        note: `${rounded(store.samples / 1e6)} M samples of ${points} points`,
      },
      {
        name: 'history-size writing, making the samples included',
        measured: (store.samples / store.spentMs.writing) * 1000,
        unit: 'points/s',
        limit: { at: 500_000, sense: 'at least' },
        peer: { name: 'SQLite', measured: peer.perS },
      },
    ];
  } finally {
    await store.close();
  }
}

function sqlite(peerPoints: number, samplesADay: number): { bytes: number; perS: number } {
  const folder = mkdtempSync(join(tmpdir(), 'plantroom-sqlite-'));
  const file = join(folder, 'history.sqlite');
  try {
    const database = new DatabaseSync(file);
    database.exec(`
      PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
      CREATE TABLE samples (point INTEGER, time INTEGER, value REAL, PRIMARY KEY (point, time)) WITHOUT ROWID`);
    const insert = database.prepare('INSERT OR REPLACE INTO samples VALUES (?, ?, ?)');
    const data = new HistoryData(peerPoints, samplesADay);
    const ids = new Map(data.points.map((point, i) => [point, i]));
    let count = 0;
    const began = performance.now();
    for (const samples of data.day(firstDayMs, 5_000)) {
      database.exec('BEGIN');
      for (const { point, timeMs, value } of samples) insert.run(ids.get(point) ?? -1, timeMs, value);
      database.exec('COMMIT');
      count += samples.length;
    }
    const perS = (count / (performance.now() - began)) * 1000;
    database.exec('VACUUM');
    database.close();
    return { bytes: statSync(file).size / count, perS };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
