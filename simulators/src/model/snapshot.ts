import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorMessage, type Logger } from '@plantroom/contracts';
import type { FaultBoardState } from '../faults/fault-board.ts';
import type { Building } from './building.ts';

/** What survives a restart. */
export interface Snapshot {
  building: Building;
  faults: FaultBoardState;
  /** Building time less wall time. */
  time: { offsetMs: number };
}

/** Writes beside the file and renames, so that a reader never meets half of it. */
export async function writeSnapshot(file: string, snapshot: Snapshot): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.tmp`;
  const handle = await open(temporary, 'w');
  try {
    await handle.writeFile(JSON.stringify(snapshot));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}

export interface ReadSnapshotOptions {
  /** An empty one of the same building: what is read must have its shape. */
  like: Snapshot;
  /** For the name that a damaged file is set aside under. */
  nowMs: number;
  logger: Logger;
}

/** Undefined when there is none; a damaged one, or one of another building, is set aside and reported. */
export async function readSnapshot(file: string, options: ReadSnapshotOptions): Promise<Snapshot | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const data: unknown = JSON.parse(text);
    const misfit = differs(options.like, data, '');
    if (misfit === undefined) return data as Snapshot;
    throw new Error(`${misfit} does not fit`);
  } catch (error) {
    const aside = `${file}.damaged-${options.nowMs}`;
    await rename(file, aside);
    options.logger.error(
      { file, aside, error: errorMessage(error) },
      'the saved state of the building cannot be used; it was set aside and the building starts anew',
    );
    return undefined;
  }
}

/** Lists that grow and shrink with what happens; only their kind is compared. */
const elastic = new Set(['/faults/active', '/building/elevators/waiting']);

/** Path of the first place where the shapes differ. */
function differs(like: unknown, data: unknown, path: string): string | undefined {
  if (Array.isArray(like)) {
    if (!Array.isArray(data)) return path;
    if (elastic.has(path) || path.endsWith('/riders')) return undefined;
    if (data.length !== like.length) return path;
    return firstOf(like.map((item, i) => differs(item, data[i], `${path}/${i}`)));
  }
  if (typeof like === 'object' && like !== null) {
    if (typeof data !== 'object' || data === null) return path;
    const record = data as Record<string, unknown>;
    return firstOf(Object.entries(like).map(([key, item]) => differs(item, record[key], `${path}/${key}`)));
  }
  if (typeof like === 'string' && path.endsWith('/id') && like !== data) return path;
  return typeof like === typeof data ? undefined : path;
}

function firstOf(found: (string | undefined)[]): string | undefined {
  return found.find((path) => path !== undefined);
}
