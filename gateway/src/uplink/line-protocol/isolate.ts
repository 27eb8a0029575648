import { WriteError } from './line-writer.ts';

/** These say that something in the body is wrong; every other refusal is about the request as a whole and costs no line. */
const bodyRefusals = [400, 413, 422];

export interface RejectedLine {
  line: string;
  why: string;
}

/** Writes the lines; those that the receiver refuses are found by halving and answered, the others are stored. Throws what may be retried. */
export async function writeIsolating(
  write: (lines: readonly string[]) => Promise<void>,
  lines: readonly string[],
): Promise<RejectedLine[]> {
  try {
    await write(lines);
    return [];
  } catch (error) {
    if (!(error instanceof WriteError) || error.status === undefined || !bodyRefusals.includes(error.status))
      throw error;
    const [line] = lines;
    if (lines.length === 1 && line !== undefined) return [{ line, why: error.message }];
    const half = Math.ceil(lines.length / 2);
    // One after the other: a retryable failure in between throws, and the whole slice is sent again, which stores nothing twice.
    const before = await writeIsolating(write, lines.slice(0, half));
    return before.concat(await writeIsolating(write, lines.slice(half)));
  }
}
