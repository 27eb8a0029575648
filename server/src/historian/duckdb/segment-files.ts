import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { parseSegmentFile, Segment, segmentTableNames, segmentTables } from './segment.ts';

/** Each attached file costs a descriptor and some hundred kB. */
const maxAttached = 400;
/** An eighth of DuckDB's own: a day of a small site takes less, and a large one measured 3.9 bytes a sample against 4.7. */
const blockBytes = 32_768;

/** The files of the closed days: found, attached when first read, replaced and removed. */
export class SegmentFiles {
  readonly #folder: string;
  /** In order of last use. */
  readonly #attached = new Map<Segment, Promise<void>>();
  #connection: DuckDBConnection | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The newest generation of each day; what a crash has left over is removed. */
  async open(connection: DuckDBConnection): Promise<Segment[]> {
    this.#connection = connection;
    await mkdir(this.#folder, { recursive: true });
    const newest = new Map<number, number>();
    const names = await readdir(this.#folder);
    for (const name of names) {
      const file = parseSegmentFile(name);
      if (typeof file === 'object') newest.set(file.day, Math.max(file.generation, newest.get(file.day) ?? 0));
    }
    for (const name of names) {
      const file = parseSegmentFile(name);
      if (file === undefined) continue;
      if (file === 'unfinished' || file.generation !== newest.get(file.day)) await rm(join(this.#folder, name));
    }
    return [...newest].map(([day, generation]) => new Segment(this.#folder, day, generation));
  }

  close(): void {
    this.#connection?.closeSync();
    this.#connection = null;
    this.#attached.clear();
  }

  /** The caller uses them (Shared.use) already, so that none is put away meanwhile. */
  async attach(segments: readonly Segment[]): Promise<void> {
    for (const segment of segments) {
      const attached = this.#attached.get(segment) ?? this.#attach(segment);
      this.#attached.delete(segment);
      this.#attached.set(segment, attached);
      await attached;
    }
    await this.#detachUnused();
  }

  /**
   * Calls with an empty database to fill, and makes it the segment: after that it is on the disk under its name, or nothing is. What has been
   * filled in steps is copied once more in one go, or the file would keep the gaps of half-filled row groups that were written anew
   * (COPY FROM DATABASE takes them over, CREATE TABLE AS does not).
   */
  async build(
    next: { day: number; generation: number; expired: string },
    fill: (database: string) => Promise<void>,
  ): Promise<Segment> {
    const segment = new Segment(this.#folder, next.day, next.generation);
    const finished = `build_${segment.alias}`;
    const scratch = `scratch_${segment.alias}`;
    try {
      await this.#create(scratch, segment.scratchPath);
      await this.#run(segmentTables(scratch));
      await this.#run(`INSERT INTO ${scratch}.meta VALUES ('${quoted(next.expired)}')`);
      await fill(scratch);
      await this.#create(finished, segment.unfinishedPath);
      // Read from a closed file; copied while it is still held open for writing, a tenth of the copy was free blocks (DuckDB 1.5.5).
      await this.#run(`DETACH ${scratch}`);
      await this.#run(`ATTACH '${quoted(segment.scratchPath)}' AS ${scratch} (READ_ONLY)`);
      for (const table of segmentTableNames) {
        await this.#run(`CREATE TABLE ${finished}.${table} AS SELECT * FROM ${scratch}.${table}`);
      }
      await this.#run(`CHECKPOINT ${finished}`);
    } finally {
      await this.#run(`DETACH DATABASE IF EXISTS ${finished}`);
      await this.#run(`DETACH DATABASE IF EXISTS ${scratch}`);
      await removed(segment.scratchPath);
    }
    await synced(segment.unfinishedPath);
    await rename(segment.unfinishedPath, segment.path);
    // The rename too must be on the disk before what it replaces is dropped.
    await synced(this.#folder);
    return segment;
  }

  async #create(database: string, path: string): Promise<void> {
    await removed(path);
    await this.#run(`ATTACH '${quoted(path)}' AS ${database} (STORAGE_VERSION 'latest', BLOCK_SIZE ${blockBytes})`);
  }

  /** When the last reader has let go of it. */
  async remove(segment: Segment): Promise<void> {
    await segment.retire();
    await this.#detach(segment);
    await rm(segment.path);
  }

  async #attach(segment: Segment): Promise<void> {
    try {
      await this.#run(`ATTACH IF NOT EXISTS '${quoted(segment.path)}' AS ${segment.alias} (READ_ONLY)`);
      const meta = await this.#connection?.runAndReadAll(`
        SELECT expired, EXISTS (FROM ${segment.alias}.minutes), EXISTS (FROM ${segment.alias}.hours) FROM ${segment.alias}.meta`);
      const [expired, minutes, hours] = meta?.getRows()[0] ?? [];
      segment.rolled = [...(minutes ? (['minutes'] as const) : []), ...(hours ? (['hours'] as const) : [])];
      segment.expired = String(expired ?? '');
    } catch (error) {
      this.#attached.delete(segment);
      throw error;
    }
  }

  async #detachUnused(): Promise<void> {
    for (const segment of this.#attached.keys()) {
      if (this.#attached.size <= maxAttached) return;
      if (!segment.inUse) await this.#detach(segment);
    }
  }

  async #detach(segment: Segment): Promise<void> {
    const attached = this.#attached.get(segment);
    if (attached === undefined) return;
    this.#attached.delete(segment);
    await attached;
    await this.#run(`DETACH ${segment.alias}`);
  }

  async #run(statement: string): Promise<void> {
    await this.#connection?.run(statement);
  }
}

/** With the log that DuckDB keeps beside a file that was not closed. */
async function removed(path: string): Promise<void> {
  for (const file of [path, `${path}.wal`]) await rm(file, { force: true });
}

async function synced(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const quoted = (text: string): string => text.replaceAll("'", "''");
