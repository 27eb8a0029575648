import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { counterNumber, meter, meterClass, site } from './points.ts';

/** One stored value of a counter, as the database itself tells it. */
export type OnStored = (stored: { unit: number; point: number; timeMs: number; value: number }) => void;

/** Every counter in InfluxDB, one device after the other, by InfluxQL. Rows of one (point, time) are one by its nature. */
export async function readInflux(url: string, units: number, onStored: OnStored): Promise<void> {
  for (let unit = 0; unit < units; unit++) {
    const q = `SELECT * FROM "${meterClass}" WHERE site = '${site}' AND equipment = '${meter(unit)}'`;
    const answer = await fetch(`${url}/query?${new URLSearchParams({ db: 'plantroom', q, epoch: 'ms' })}`);
    if (!answer.ok) throw new Error(`${q}: ${answer.status} ${await answer.text()}`);
    const { results } = (await answer.json()) as {
      results: { error?: string; partial?: boolean; series?: { columns: string[]; values: (number | null)[][] }[] }[];
    };
    const [result] = results;
    if (result?.error !== undefined || result?.partial === true)
      throw new Error(`${q}: ${result.error ?? 'cut short'}`);
    for (const { columns, values } of result?.series ?? []) {
      const points = columns.map(counterNumber);
      for (const row of values) {
        row.forEach((value, column) => {
          const point = points[column];
          if (point !== undefined && value !== null) onStored({ unit, point, timeMs: Number(row[0]), value });
        });
      }
    }
  }
}

export interface DuckRows {
  /** Rows beyond the first of one (point, time) with the same value: what was written again after an answer was lost. Reading hides them. */
  repeated: number;
}

/** Every counter in the embedded historian's file, which its server has left. */
export async function readDuckDb(dataDir: string, units: number, onStored: OnStored): Promise<DuckRows> {
  const folder = join(dataDir, 'history');
  const file = readdirSync(folder).find((name) => name.endsWith('.duckdb'));
  if (file === undefined) throw new Error(`${folder} holds no DuckDB file`);
  const instance = await DuckDBInstance.create(join(folder, file), { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  try {
    let repeated = 0;
    const tables = await connection.runAndReadAll(
      "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'samples_%' ORDER BY table_name",
    );
    for (const [table] of tables.getRows()) {
      const day = String(table).slice('samples_'.length);
      const dayMs = Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6)));
      for (let unit = 0; unit < units; unit++) {
        // Each different value of a time is a row here: two of them would be one too many.
        const rows = await connection.runAndReadAll(
          `SELECT p.point, s.t, s.value, count(*) FROM ${String(table)} s JOIN (SELECT DISTINCT id, point FROM points) p ON p.id = s.point
           WHERE starts_with(p.point, '${site}/${meter(unit)}/') GROUP BY ALL ORDER BY ALL`,
        );
        for (const [id, t, value, count] of rows.getRows()) {
          const point = counterNumber(String(id).split('/')[2] ?? '');
          repeated += Number(count) - 1;
          if (point !== undefined) onStored({ unit, point, timeMs: dayMs + Number(t), value: Number(value) });
        }
      }
    }
    return { repeated };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
