import { DOUBLE, type DuckDBConnection, DuckDBDataChunk, INTEGER } from '@duckdb/node-api';
import type { HotTable } from './day-map.ts';

const chunkRows = 2048;
const columnTypes = [INTEGER, INTEGER, DOUBLE];

/** Columns of one day on their way into its table. Hot path: 200 k rows a second and more pass here, so rows are never objects. */
export class DayAppender {
  readonly table: HotTable;
  readonly #chunks: { points: Int32Array; times: Int32Array; values: Float64Array; rows: number }[] = [];
  #points = new Int32Array(chunkRows);
  #times = new Int32Array(chunkRows);
  #values = new Float64Array(chunkRows);
  #rows = 0;

  constructor(table: HotTable) {
    this.table = table;
  }

  add(point: number, msOfDay: number, value: number): void {
    if (this.#rows === chunkRows) this.#close();
    this.#points[this.#rows] = point;
    this.#times[this.#rows] = msOfDay;
    this.#values[this.#rows++] = value;
  }

  /** Hands all rows to the table, inside the caller's transaction. */
  async flush(connection: DuckDBConnection): Promise<void> {
    this.#close();
    const appender = await connection.createAppender(this.table.name);
    try {
      for (const { points, times, values, rows } of this.#chunks) {
        const chunk = DuckDBDataChunk.create(columnTypes, rows);
        fill(chunk, 0, points);
        fill(chunk, 1, times);
        fill(chunk, 2, values);
        appender.appendDataChunk(chunk);
      }
    } finally {
      appender.closeSync();
    }
  }

  #close(): void {
    if (this.#rows === 0) return;
    this.#chunks.push({ points: this.#points, times: this.#times, values: this.#values, rows: this.#rows });
    this.#points = new Int32Array(chunkRows);
    this.#times = new Int32Array(chunkRows);
    this.#values = new Float64Array(chunkRows);
    this.#rows = 0;
  }
}

function fill(chunk: DuckDBDataChunk, column: number, items: Int32Array | Float64Array): void {
  const vector = chunk.getColumnVector(column);
  for (let row = 0; row < vector.itemCount; row++) vector.setItem(row, items[row] ?? null);
  vector.flush();
}
