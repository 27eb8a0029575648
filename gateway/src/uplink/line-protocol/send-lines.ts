import { readRefusal } from './refusal.ts';
import { WriteError } from './write-error.ts';

/** Some lines of the batch are wrong: 400 in 1.x and 3.x, 422 in 2.x; 201 is what hosted 3.x says when it has stored the others. */
const linesRefused = [201, 400, 422];
const tooLarge = 413;
/** One giant line is no reason to send every line by itself from then on. */
const leastLines = 100;

/** Lines that the receiver will never take. */
export interface Rejected {
  why: string;
  count: number;
  /** The lines themselves, as far as the receiver lets us know them. */
  lines: string[];
}

/** Sends batches so that what is wrong with some lines costs only those, and no line that is stored is sent again without need. */
export class LineSender {
  readonly #writer: { write(lines: readonly string[]): Promise<void> };
  /** Learned from 413; the receiver's limit does not change while it runs. */
  #mostLines = Number.POSITIVE_INFINITY;

  constructor(writer: { write(lines: readonly string[]): Promise<void> }) {
    this.#writer = writer;
  }

  /** Everything but what is answered has been stored. Throws WriteError, and then the whole batch is to be sent again. */
  async send(lines: readonly string[]): Promise<Rejected[]> {
    const rejected: Rejected[] = [];
    for (let at = 0; at < lines.length; ) {
      const part = lines.slice(at, at + this.#mostLines);
      rejected.push(...(await this.#part(part)));
      at += part.length;
    }
    return rejected;
  }

  async #part(lines: readonly string[]): Promise<Rejected[]> {
    try {
      await this.#writer.write(lines);
      return [];
    } catch (error) {
      if (!(error instanceof WriteError) || error.status === undefined) throw error;
      if (error.status === tooLarge) {
        if (lines.length > 1) this.#mostLines = Math.max(leastLines, Math.ceil(lines.length / 2));
        return this.#halves(lines, error.message);
      }
      // A refusal that is no database's is about the request as a whole: nothing is given up for it.
      if (!linesRefused.includes(error.status) || error.refusal === undefined) throw error;
      return this.#refused(lines, error);
    }
  }

  async #refused(lines: readonly string[], { refusal, message }: WriteError): Promise<Rejected[]> {
    if (lines.length === 1) return [{ why: message, count: 1, lines: [...lines] }];
    const { partial, dropped, named, why } = readRefusal(refusal, lines);
    const rejected = byReason(named, lines);
    if (partial && dropped !== undefined) {
      const unnamed = dropped - named.size;
      return unnamed > 0 ? [...rejected, { why, count: unnamed, lines: [] }] : rejected;
    }
    if (named.size === 0) return this.#halves(lines, message);
    const rest = lines.filter((_, place) => !named.has(place));
    // Hosts of 3.x name the first hundred only, so even a partial write leaves it open whether the rest is stored.
    return rest.length === 0 ? rejected : [...rejected, ...(await this.#part(rest))];
  }

  async #halves(lines: readonly string[], why: string): Promise<Rejected[]> {
    if (lines.length === 1) return [{ why, count: 1, lines: [...lines] }];
    const half = Math.ceil(lines.length / 2);
    // One after the other: a retryable failure in between throws, and the whole batch is sent again, which stores nothing twice.
    const before = await this.#part(lines.slice(0, half));
    return [...before, ...(await this.#part(lines.slice(half)))];
  }
}

function byReason(named: ReadonlyMap<number, string>, lines: readonly string[]): Rejected[] {
  const reasons = new Map<string, Rejected>();
  for (const [place, why] of named) {
    const rejected = reasons.get(why) ?? { why, count: 0, lines: [] };
    rejected.count++;
    rejected.lines.push(lines[place] ?? '');
    reasons.set(why, rejected);
  }
  return [...reasons.values()];
}
