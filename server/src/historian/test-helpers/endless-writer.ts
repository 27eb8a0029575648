import { silentLogger, systemClock } from '@plantroom/contracts';
import { DuckDbHistorian } from '../duckdb-historian.ts';

// Writes one sample after the other until it is killed, and tells its parent how many have been confirmed.
const [folder = '', from = '0'] = process.argv.slice(2);
const historian = new DuckDbHistorian({ folder, logger: silentLogger, clock: systemClock });
await historian.start();
for (let i = Number(from); ; i++) {
  await historian.write([{ point: 'hq/pump-1/flow', timeMs: i, value: i }], []);
  process.send?.(i + 1);
}
