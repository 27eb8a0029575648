import { silentLogger, systemClock } from '@plantroom/contracts';
import { DuckDbHistorian } from '../duckdb-historian.ts';

// Writes into days long closed and compacts them without pause until it is killed; tells its parent how many samples have been confirmed.
const [folder = '', from = '0'] = process.argv.slice(2);
const dayMs = 86_400_000;
// Chunks so small that every segment is written in many steps.
const historian = new DuckDbHistorian({ folder, logger: silentLogger, clock: systemClock, chunkSamples: 10 });
await historian.start();

async function compact(): Promise<never> {
  for (;;) await historian.maintain();
}

async function write(): Promise<never> {
  for (let i = Number(from); ; i++) {
    const sample = (at: number) => ({ point: `hq/pump-${at % 20}/flow`, timeMs: (at % 4) * dayMs + at, value: at });
    // Each is written twice, so that whatever a crash cuts in two has something to count double.
    await historian.write(i === 0 ? [sample(i)] : [sample(i - 1), sample(i)], []);
    process.send?.(i + 1);
  }
}

await Promise.all([compact(), write()]);
