import type { HistorianSample } from '../../../server/src/historian/historian.ts';

const dayMs = 86_400_000;
/** Report by exception sends at least so often, unless points are so few samples that it cannot. */
const heartbeatS = 300;

type Kind = 'scaled register' | 'float register' | 'float with noise' | 'state';
/** Of twenty points: what a plant room is made of, mostly scaled integers, some floats, some states. */
const mix: readonly Kind[] = [
  ...Array<Kind>(9).fill('scaled register'),
  ...Array<Kind>(4).fill('float register'),
  ...Array<Kind>(2).fill('float with noise'),
  ...Array<Kind>(5).fill('state'),
];

/** Report-by-exception-like data: polled each second, a sample when the value has changed enough, at irregular intervals; seeded. */
export class HistoryData {
  readonly points: readonly string[];
  readonly #values: Float64Array;
  readonly #nextS: Float64Array;
  readonly #phaseMs: Int32Array;
  readonly #meanGapS: number;
  #seed = 20_260_110;

  /** So many points, each with so many samples a day on average. */
  constructor(points: number, samplesADay: number) {
    this.points = Array.from({ length: points }, (_, i) => `hq/unit-${Math.floor(i / 20)}/point-${i % 20}`);
    this.#values = new Float64Array(points);
    this.#phaseMs = Int32Array.from(this.points, () => Math.floor(this.#random() * 990));
    this.#meanGapS = (dayMs - 1) / 1000 / samplesADay;
    this.#nextS = Float64Array.from(this.points, () => this.#gapS());
  }

  /** The samples of one day, in order of time over all points as a gateway would send them, in batches of about so many. */
  *day(dayStartMs: number, batch: number): Generator<HistorianSample[]> {
    const sliceS = Math.max(1, Math.round((batch * this.#meanGapS) / this.points.length));
    for (let untilS = sliceS; untilS < 86_400 + sliceS; untilS += sliceS) {
      const samples: HistorianSample[] = [];
      for (let i = 0; i < this.points.length; i++) {
        while ((this.#nextS[i] as number) < Math.min(untilS, 86_400)) {
          const timeMs =
            dayStartMs +
            (this.#nextS[i] as number) * 1000 +
            (this.#phaseMs[i] as number) +
            Math.floor(this.#random() * 8);
          samples.push({ point: this.points[i] as string, timeMs, value: this.#next(i) });
          this.#nextS[i] = (this.#nextS[i] as number) + this.#gapS();
        }
      }
      yield samples;
    }
    for (let i = 0; i < this.points.length; i++) this.#nextS[i] = (this.#nextS[i] as number) - 86_400;
  }

  #next(i: number): number {
    const kind = mix[i % mix.length] as Kind;
    const before = this.#values[i] as number;
    const walked = before + (this.#random() - 0.5) * 2 + (20 + (i % 50) - before) * 0.05;
    const tenth = Math.round(walked * 10) / 10;
    const value = {
      'scaled register': tenth,
      'float register': Math.fround(tenth),
      'float with noise': Math.fround(walked),
      state: before === 0 ? 1 : 0,
    }[kind];
    this.#values[i] = value;
    return value;
  }

  /** Whole seconds, exponential. */
  #gapS(): number {
    const gap = Math.max(1, Math.round(-Math.log(1 - this.#random()) * this.#meanGapS));
    return this.#meanGapS < heartbeatS ? Math.min(gap, heartbeatS) : gap;
  }

  #random(): number {
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#seed / 2 ** 32;
  }
}
