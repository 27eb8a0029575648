import { rm } from 'node:fs/promises';
import {
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBInstance,
  DuckDBTimestampMillisecondsValue,
} from '@duckdb/node-api';
import type { Historian } from '../historian.ts';
import { type ExportRange, type ExportRow, exportRows } from './export-rows.ts';

export interface ParquetExport {
  historian: Historian;
  points: readonly string[];
  range: ExportRange;
  /** Written; a working file of about the same size lies beside it meanwhile. */
  path: string;
  /** Ends it between two pages. */
  signal: AbortSignal;
  /** Left out: 20 000. */
  pageRows?: number;
}

/**
 * Writes history to a Parquet file: point (text), time (UTC, ms), value, min, max, quality, reason, ordered by point and time. Rows go page by
 * page through a table on disk, so memory does not grow with the range, and any historian can be exported.
 */
export async function writeParquet({ historian, points, range, path, signal, pageRows }: ParquetExport): Promise<void> {
  const working = `${path}.duckdb`;
  const instance = await DuckDBInstance.create(working, { threads: '1', memory_limit: '256MB' });
  const connection = await instance.connect();
  try {
    await connection.run(`
      CREATE TABLE history (point VARCHAR NOT NULL, time TIMESTAMP_MS NOT NULL, value DOUBLE, min DOUBLE, max DOUBLE,
        quality SMALLINT NOT NULL, reason VARCHAR)`);
    for (const point of points) {
      const pages = exportRows(historian, point, { range, ...(pageRows === undefined ? {} : { pageRows }) });
      for await (const rows of pages) {
        signal.throwIfAborted();
        await append(connection, point, rows);
      }
    }
    await connection.run(`COPY history TO '${path.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`);
  } finally {
    connection.closeSync();
    instance.closeSync();
    for (const file of [working, `${working}.wal`]) await rm(file, { force: true });
  }
}

async function append(connection: DuckDBConnection, point: string, rows: readonly ExportRow[]): Promise<void> {
  const appender = await connection.createAppender('history');
  for (const row of rows) {
    appender.appendVarchar(point);
    appender.appendTimestampMilliseconds(new DuckDBTimestampMillisecondsValue(BigInt(row.timeMs)));
    for (const value of [row.value, row.min, row.max]) appendNumber(appender, value);
    appender.appendSmallInt(row.quality);
    if (row.reason === null) appender.appendNull();
    else appender.appendVarchar(row.reason);
    appender.endRow();
  }
  appender.closeSync();
}

function appendNumber(appender: DuckDBAppender, value: number | null): void {
  if (value === null) appender.appendNull();
  else appender.appendDouble(value);
}
