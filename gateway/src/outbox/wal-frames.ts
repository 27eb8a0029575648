import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { pageBytes } from './sqlite-schema.ts';

/** Write-ahead log (sqlite.org/fileformat2.html#walformat): a header of 32 bytes, then frames, each a header of 24 and a page. */
const headerBytes = 32;
const frameHeaderBytes = 24;
const frameBytes = frameHeaderBytes + pageBytes;
const magicLittle = 0x377f0682;

export interface WalFrame {
  page: number;
  /** Where the page's bytes begin in the file. */
  offset: number;
  /** Of a transaction that is whole with everything before it: what SQLite goes by. */
  isStored: boolean;
}

export interface WalFrames {
  /** Of the present generation, in order; those behind a broken one too, though SQLite takes no notice of them. */
  frames: WalFrame[];
  /** Undefined: the log is what SQLite wrote, as far as it can be seen. */
  damage: string | undefined;
}

/**
 * SQLite takes the first frame that does not fit for the end of the log, so that a bit turned in the middle would take back everything stored
 * after it without a word. Frames of the same generation behind it give it away.
 */
export function readWal(file: string): WalFrames {
  if (!existsSync(file)) return { frames: [], damage: undefined };
  const handle = openSync(file, 'r');
  try {
    return walk(handle);
  } finally {
    closeSync(handle);
  }
}

function walk(handle: number): WalFrames {
  const header = Buffer.alloc(headerBytes);
  if (readSync(handle, header, 0, headerBytes, 0) < headerBytes) return { frames: [], damage: undefined };
  const little = header.readUInt32BE(0) === magicLittle;
  let sums = checksum(header.subarray(0, 24), [0, 0], little);
  const isHeaderWhole = sums[0] === header.readUInt32BE(24) && sums[1] === header.readUInt32BE(28);
  let damage = isHeaderWhole ? undefined : 'the header of the write-ahead log is damaged';
  let salt = isHeaderWhole ? header.subarray(16, 24) : undefined;
  let whole = isHeaderWhole;
  const frames: WalFrame[] = [];
  let stored = 0;
  const frame = Buffer.alloc(frameBytes);
  for (let at = headerBytes; readSync(handle, frame, 0, frameBytes, at) === frameBytes; at += frameBytes) {
    salt ??= Buffer.from(frame.subarray(8, 16));
    const isOurs = salt.equals(frame.subarray(8, 16));
    if (whole) {
      const next = checksum(frame.subarray(frameHeaderBytes), checksum(frame.subarray(0, 8), sums, little), little);
      whole = isOurs && next[0] === frame.readUInt32BE(16) && next[1] === frame.readUInt32BE(20);
      sums = next;
    }
    if (!isOurs) continue;
    if (!whole) damage ??= `the write-ahead log is broken at byte ${at}`;
    frames.push({ page: frame.readUInt32BE(0), offset: at + frameHeaderBytes, isStored: false });
    const isCommit = frame.readUInt32BE(4) !== 0;
    if (whole && isCommit) stored = frames.length;
  }
  for (const each of frames.slice(0, stored)) each.isStored = true;
  // Nothing behind the header that could have been lost.
  return frames.length === 0 ? { frames, damage: undefined } : { frames, damage };
}

/** Over pairs of 32-bit words in the byte order that the magic number says. */
function checksum(bytes: Buffer, [a, b]: readonly [number, number], little: boolean): [number, number] {
  let s0 = a;
  let s1 = b;
  for (let at = 0; at < bytes.length; at += 8) {
    s0 = (s0 + (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)) + s1) >>> 0;
    s1 = (s1 + (little ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at + 4)) + s0) >>> 0;
  }
  return [s0, s1];
}
