import type { AlarmRule } from '../../../server/src/domain/alarms/condition.ts';
import type { HistorianSample, QualityChange } from '../../../server/src/historian/historian.ts';

const dayMs = 86_400_000;
const periodMs = 10_000;

/** Of ten points: temperatures and pressures that follow the day, a level that swings, states, a fault code. */
const kinds = ['daily', 'daily', 'daily', 'daily', 'swing', 'swing', 'swing', 'state', 'state', 'code'] as const;
type Kind = (typeof kinds)[number];

export interface BenchAlarm {
  point: string;
  kind: 'number' | 'boolean';
  /** As the class sets it, and a little tighter. */
  before: AlarmRule;
  after: AlarmRule;
}

/**
 * A value each ten seconds with noise, which comes near its limit on warm days and passes it now and then; one in a hundred is missing; once or twice a
 * day the device is silent for minutes, is stale, or reads out of range. Seeded.
 */
export class BacktestData {
  readonly alarms: readonly BenchAlarm[];
  readonly #noise: Float64Array;
  readonly #lostUntil: Float64Array;
  readonly #unusableUntil: Float64Array;
  readonly #faultUntil: Float64Array;
  #seed = 20_260_601;

  constructor(count: number) {
    this.alarms = Array.from({ length: count }, (_, i) => alarmOf(i));
    this.#noise = new Float64Array(count);
    this.#lostUntil = new Float64Array(count);
    this.#unusableUntil = new Float64Array(count);
    this.#faultUntil = new Float64Array(count);
  }

  /** The samples of a stretch in order of time over all points, and the changes of quality among them. */
  stretch(fromMs: number, toMs: number): { samples: HistorianSample[]; quality: QualityChange[] } {
    const samples: HistorianSample[] = [];
    const quality: QualityChange[] = [];
    for (let slotMs = fromMs; slotMs < toMs; slotMs += periodMs) {
      for (const [i, { point }] of this.alarms.entries()) {
        const timeMs = slotMs + ((i * 37) % 9_000) + Math.floor(this.#random() * 8);
        this.#quality(i, { point, timeMs }, quality);
        const value = this.#value(i, timeMs);
        if (timeMs < (this.#lostUntil[i] as number) || this.#random() < 0.01) continue;
        samples.push({ point, timeMs, value });
      }
    }
    return { samples, quality };
  }

  #quality(i: number, { point, timeMs }: { point: string; timeMs: number }, quality: QualityChange[]): void {
    for (const until of [this.#lostUntil, this.#unusableUntil]) {
      if (until[i] === 0 || timeMs < (until[i] as number)) continue;
      until[i] = 0;
      quality.push({ point, timeMs, code: 192, reason: null });
    }
    if (this.#lostUntil[i] !== 0 || this.#unusableUntil[i] !== 0) return;
    const chance = this.#random();
    const lasting = timeMs + 60_000 + Math.floor(this.#random() * 30) * 60_000;
    // Once a day lost, each other day stale or out of range.
    if (chance < 1 / 8_640) {
      this.#lostUntil[i] = lasting;
      quality.push({ point, timeMs, code: 0, reason: 'comm-lost' });
    } else if (chance < 1.25 / 8_640) {
      this.#lostUntil[i] = lasting;
      quality.push({ point, timeMs, code: 500, reason: 'stale' });
    } else if (chance < 1.5 / 8_640) {
      this.#unusableUntil[i] = lasting;
      quality.push({ point, timeMs, code: 500, reason: 'out-of-range' });
    }
  }

  #value(i: number, timeMs: number): number {
    const kind = kindOf(i);
    const day = (timeMs % dayMs) / dayMs;
    this.#noise[i] = (this.#noise[i] as number) * 0.95 + (this.#random() - 0.5) * 0.6;
    const noise = this.#noise[i] as number;
    if (kind === 'state' || kind === 'code') {
      if (this.#random() < 1 / 17_280) this.#faultUntil[i] = timeMs + 60_000 + this.#random() * 1_800_000;
      return timeMs < (this.#faultUntil[i] as number) ? (kind === 'code' ? 17 : 1) : 0;
    }
    if (kind === 'swing') return tenth(50 + 12 * Math.sin((timeMs / 1_800_000) * 2 * Math.PI + i) + noise);
    const warmth = 3 * Math.sin((timeMs / dayMs) * 0.7 + i);
    return tenth(50 + 6 * Math.sin((day - 0.3) * 2 * Math.PI) + warmth + noise);
  }

  #random(): number {
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#seed / 2 ** 32;
  }
}

const tenth = (value: number): number => Math.round(value * 10) / 10;
const kindOf = (i: number): Kind => kinds[i % kinds.length] as Kind;

function alarmOf(i: number): BenchAlarm {
  const point = `hq/unit-${Math.floor(i / 10)}/point-${i % 10}`;
  const kind = kindOf(i);
  const delays = { onDelayMs: 30_000, offDelayMs: 60_000 };
  if (kind === 'state' || kind === 'code') {
    const condition =
      kind === 'code' ? ({ type: 'non-zero' } as const) : { type: 'off-normal' as const, values: [true] };
    const rule = { condition, ...delays };
    return {
      point,
      kind: kind === 'state' ? 'boolean' : 'number',
      before: rule,
      after: { ...rule, onDelayMs: 300_000 },
    };
  }
  const limit = (at: number): AlarmRule => ({
    condition: { type: 'limit', kind: 'H', limit: at, deadband: 1 },
    ...delays,
  });
  return { point, kind: 'number', before: limit(kind === 'swing' ? 64 : 58), after: limit(kind === 'swing' ? 63 : 57) };
}
