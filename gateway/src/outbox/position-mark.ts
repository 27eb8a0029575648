import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { LaneMark, Mark } from './batch-store.ts';

/** Two places written in turns: a write that is cut off leaves the one before. */
const placeBytes = 512;

/**
 * How far the outbox had come, beside its database. SQLite takes a write-ahead log that has lost its end for one that ended there, and an empty file
 * for a new database; by this it is found out. Written without waiting for the disk, so after a power cut it may be behind what is
 * stored, which says nothing; it is never ahead of it.
 */
export class PositionMark {
  readonly #file: string;
  #handle: number | undefined;
  #count = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** Undefined: there is none, or none that can be read. */
  read(): Mark | undefined {
    let bytes: Buffer;
    try {
      bytes = readFileSync(this.#file);
    } catch {
      return undefined;
    }
    const found = [0, placeBytes].flatMap((at) => parse(bytes.subarray(at, at + placeBytes)) ?? []);
    const newest = found.sort((a, b) => b.count - a.count)[0];
    if (newest === undefined) return undefined;
    this.#count = newest.count;
    return newest.mark;
  }

  /** Never throws: the outbox can do without. */
  write(mark: Mark): void {
    try {
      this.#handle ??= openForWriting(this.#file);
      this.#count++;
      const body = JSON.stringify({ count: this.#count, mark });
      const text = `${crc32(body).toString(16)} ${body}`.padEnd(placeBytes);
      writeSync(this.#handle, text, (this.#count % 2) * placeBytes);
    } catch {
      this.close();
    }
  }

  close(): void {
    const handle = this.#handle;
    this.#handle = undefined;
    if (handle !== undefined) closeSync(handle);
  }
}

function openForWriting(file: string): number {
  try {
    return openSync(file, 'r+');
  } catch {
    return openSync(file, 'w+');
  }
}

function parse(place: Buffer): { count: number; mark: Mark } | undefined {
  const text = place.toString('utf8').trimEnd();
  const space = text.indexOf(' ');
  const body = text.slice(space + 1);
  if (space < 1 || crc32(body).toString(16) !== text.slice(0, space)) return undefined;
  return JSON.parse(body) as { count: number; mark: Mark & { lanes: Record<string, LaneMark> } };
}
