import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Reading, VirtualClock } from '@plantroom/contracts';
import { expect } from 'vitest';
import { type Outbox, type StoredLane, storedLanes } from '../outbox.ts';

export const uplinks = ['influx', 'sparkplug'];

/** What has been appended to an outbox and what its uplinks have committed: the truth to compare with. A reading's value is its position. */
export class FieldBook {
  readonly clock = new VirtualClock();
  readonly produced: Record<StoredLane, Reading[]> = { safety: [], live: [] };
  readonly committed: Record<string, Record<StoredLane, number>> = Object.fromEntries(
    uplinks.map((uplink) => [uplink, { safety: 0, live: 0 }]),
  );

  append(outbox: Outbox, lane: StoredLane, count: number): void {
    const begin = this.produced[lane].length;
    const readings = Array.from({ length: count }, (_, i): Reading => {
      const point = `tower/pump-${(begin + i) % 40}/${lane === 'safety' ? 'alarm' : 'flow'}`;
      return { point, value: begin + i, quality: 'good', wireTimeMs: this.clock.nowMs() + i };
    });
    outbox.append(lane, readings);
    this.produced[lane].push(...readings);
    this.clock.advance(1000);
  }

  commit(outbox: Outbox, uplink: string, { lane, to }: { lane: StoredLane; to: number }): void {
    outbox.commit(uplink, lane, to);
    const of = this.committed[uplink];
    if (of !== undefined) of[lane] = Math.max(of[lane], to);
  }

  /** Nothing wrong, nothing silently lost: what some uplink still needs is there as it was, or in a hole that names the uplink. */
  verify(outbox: Outbox): void {
    for (const lane of storedLanes) {
      const delivered = this.#delivered(outbox, lane);
      expect(outbox.position(lane)).toBeGreaterThanOrEqual(this.produced[lane].length);
      const holes = outbox.holes().filter((hole) => hole.lane === lane);
      for (const hole of holes) {
        for (let p = hole.first; p < hole.next; p++) if (delivered.has(p)) throw new Error(`${p} is no hole`);
        if (hole.count !== null) expect(hole.count).toBe(hole.next - hole.first);
        expect(hole.fromMs).toBeLessThanOrEqual(hole.toMs);
      }
      for (const uplink of uplinks) {
        const committed = this.committed[uplink]?.[lane] ?? 0;
        // A cursor that is ahead would skip readings.
        expect(outbox.committed(uplink, lane)).toBeLessThanOrEqual(committed);
        for (let p = committed; p < this.produced[lane].length; p++) {
          const isTold = holes.some((h) => h.first <= p && p < h.next && h.uplinks.includes(uplink));
          if (!delivered.has(p) && !isTold) throw new Error(`${lane} ${p} is missing for ${uplink} and no hole tells`);
        }
      }
    }
  }

  #delivered(outbox: Outbox, lane: StoredLane): Set<number> {
    const delivered = new Set<number>();
    for (let from = 0; ; ) {
      const slice = outbox.read(lane, from, 5000);
      if (slice === undefined) return delivered;
      for (const reading of slice.readings) {
        const position = Number(reading.value);
        expect(reading).toEqual(this.produced[lane][position]);
        delivered.add(position);
      }
      expect(slice.to).toBeGreaterThan(from);
      from = slice.to;
    }
  }
}

/** Folders of a test file, and copies of an outbox's files as they lie there this moment. */
export class OutboxFolders {
  readonly #root = mkdtempSync(join(tmpdir(), 'plantroom-outbox-'));
  #count = 0;

  newFile(): string {
    this.#count++;
    const folder = join(this.#root, String(this.#count));
    mkdirSync(folder);
    return join(folder, 'outbox.sqlite');
  }

  copy(file: string): string {
    const to = this.newFile();
    for (const suffix of ['', '-wal', '.mark'])
      if (existsSync(file + suffix)) copyFileSync(file + suffix, join(to, '..', basename(file) + suffix));
    return to;
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}
