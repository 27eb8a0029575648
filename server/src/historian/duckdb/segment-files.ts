import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { parseSegmentFile, Segment, segmentTables } from './segment.ts';

/** Each attached file costs a descriptor and some hundred kB. */
const maxAttached = 400;

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

  /** Calls with an empty database to fill, and makes it the segment: after that it is on the disk under its name, or nothing is. */
  async build(
    next: { day: number; generation: number; expired: string },
    fill: (database: string) => Promise<void>,
  ): Promise<Segment> {
    const segment = new Segment(this.#folder, next.day, next.generation);
    const database = `build_${segment.alias}`;
    await rm(segment.unfinishedPath, { force: true });
    await this.#run(`ATTACH '${quoted(segment.unfinishedPath)}' AS ${database} (STORAGE_VERSION 'latest')`);
    try {
      await this.#run(segmentTables(database));
      await this.#run(`INSERT INTO ${database}.meta VALUES ('${quoted(next.expired)}')`);
      await fill(database);
      await this.#run(`CHECKPOINT ${database}`);
    } finally {
      await this.#run(`DETACH ${database}`);
    }
    await synced(segment.unfinishedPath);
    await rename(segment.unfinishedPath, segment.path);
    // The rename too must be on the disk before what it replaces is dropped.
    await synced(this.#folder);
    return segment;
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
      const meta = await this.#connection?.runAndReadAll(`SELECT expired FROM ${segment.alias}.meta`);
      segment.expired = String(meta?.getRows()[0]?.[0] ?? '');
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

async function synced(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const quoted = (text: string): string => text.replaceAll("'", "''");
