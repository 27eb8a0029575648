import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { DuckDbHistorian } from '../../../server/src/historian/duckdb-historian.ts';
import { say } from '../report.ts';
import { HistoryData } from './history-data.ts';

const dayMs = 86_400_000;
export const firstDayMs = Date.UTC(2026, 0, 1);
const batch = 5_000;
const inFlight = 8;

/** The embedded historian with some closed days, written and compacted as in operation. */
export class HistoryStore {
  readonly folder = mkdtempSync(join(tmpdir(), 'plantroom-history-'));
  readonly clock = new VirtualClock(firstDayMs);
  readonly historian = new DuckDbHistorian({ folder: this.folder, logger: silentLogger, clock: this.clock });
  readonly data: HistoryData;
  readonly days: number;
  samples = 0;
  /** Time spent on each, ms; writing includes making the samples. */
  readonly spentMs = { writing: 0, compacting: 0 };

  constructor({ points, days, samples }: { points: number; days: number; samples: number }) {
    this.days = days;
    this.data = new HistoryData(points, samples / points / days);
  }

  async build(): Promise<void> {
    await this.historian.start();
    for (let day = 0; day < this.days; day++) {
      let began = performance.now();
      const pending = new Set<Promise<void>>();
      for (const samples of this.data.day(firstDayMs + day * dayMs, batch)) {
        this.samples += samples.length;
        const write = this.historian.write(samples, []).finally(() => pending.delete(write));
        pending.add(write);
        if (pending.size >= inFlight) await Promise.race(pending);
      }
      await Promise.all(pending);
      this.spentMs.writing += performance.now() - began;
      // Two hours into the next day this one is closed.
      this.clock.advance(firstDayMs + (day + 1) * dayMs + 2 * 3_600_000 - this.clock.nowMs());
      began = performance.now();
      await this.historian.maintain();
      this.spentMs.compacting += performance.now() - began;
      if (this.days > 1 && day % 5 === 4) say(`  ${day + 1} of ${this.days} days built`);
    }
  }

  /** Of the closed days. */
  bytes(): number {
    const folder = join(this.folder, 'days');
    return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  }

  async close(): Promise<void> {
    await this.historian.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
