import type { Reading } from '@plantroom/contracts';
import type { BornPoint, IngestSink } from '../ingest.ts';

/** Writes down what it is told, one line each, and wakes whoever waits. */
export class RecordingSink implements IngestSink {
  readonly lines: string[] = [];
  readonly taken: Reading[] = [];
  /** With which time deaths and what they degrade were told last, by line. */
  readonly stamped = new Map<string, number>();
  readonly born = new Map<string, BornPoint>();
  readonly #waiting: (() => void)[] = [];

  gatewayOnline(gateway: string): void {
    this.#note(`online ${gateway}`);
  }
  gatewayOffline(gateway: string, atMs: number): void {
    this.stamped.set(`offline ${gateway}`, atMs);
    this.#note(`offline ${gateway}`);
  }
  deviceOnline(gateway: string, device: string, points: readonly BornPoint[]): void {
    for (const point of points) this.born.set(point.point, point);
    this.#note(`device online ${gateway} ${device} ${points.length}`);
  }
  deviceOffline(gateway: string, device: string, atMs: number): void {
    this.stamped.set(`device offline ${gateway} ${device}`, atMs);
    this.#note(`device offline ${gateway} ${device}`);
  }
  readings(_gateway: string, readings: readonly Reading[], historical: boolean): void {
    this.taken.push(...readings);
    for (const { point, value, quality, reason, wireTimeMs } of readings) {
      const why = reason === undefined ? '' : ` ${reason}`;
      this.#note(`${historical ? 'late' : 'live'} ${point} ${value} ${quality}${why} @${wireTimeMs}`);
    }
  }
  degraded(_gateway: string, points: readonly string[], quality: string, reason: string, atMs: number): void {
    for (const point of points) this.stamped.set(`degraded ${point} ${quality} ${reason}`, atMs);
    for (const point of points) this.#note(`degraded ${point} ${quality} ${reason}`);
  }
  watermark(gateway: string, wireTimeMs: number): void {
    this.#note(`watermark ${gateway} @${wireTimeMs}`);
  }

  complete(gateway: string, lane: string, position: number): void {
    this.#note(`complete ${gateway} ${lane} ${position}`);
  }

  /** Resolves when a line like this is there. */
  async saw(pattern: string): Promise<void> {
    while (!this.lines.some((line) => line.includes(pattern))) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** All lines but watermarks and what is complete. */
  get story(): string[] {
    return this.lines.filter((line) => !/^(watermark|complete)/.test(line));
  }

  #note(line: string): void {
    this.lines.push(line);
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
