import { DuckDbHistorian } from './duckdb-historian.ts';
import type { Historian } from './historian.ts';
import type { HistorianOptions } from './historian-options.ts';
import { InfluxHistorian } from './influx-historian.ts';

export function createHistorian(options: HistorianOptions): Historian {
  return options.kind === 'duckdb' ? new DuckDbHistorian(options) : new InfluxHistorian(options);
}
