import { decodeValue, pointNumber } from '../registers.ts';
import type { Ledger } from './ledger.ts';
import type { RigDevice, Serving } from './serving.ts';
import type { StoredField } from './stored-line.ts';

export interface Wrong {
  why: string;
  line: string;
  point: string;
  /** Fault in whose frame the value was; `none` when there is no such frame. */
  fault: string;
  /** What the device served around that time. */
  served: readonly Serving[];
}

export interface JudgeOptions {
  ledger: Ledger;
  devices: readonly RigDevice[];
  /**
   * From a request's arrival here back to the last moment at which the gateway can have taken the answer to the one before, ms. The
   * gateway stamps before it asks again, so 0 would do if both clocks were read at once.
   */
  handOverMs: number;
  /** From the request to the wire time of its answer, at most, ms: beyond any time-out and any pause of a busy machine. */
  longestMs: number;
  measurement: string;
  onGood?(device: RigDevice, point: number, serving: Serving, timeMs: number): void;
}

interface Last {
  value: number;
  counter: number;
  timeMs: number;
}

/** Sparkplug's code, which the line protocol of the gateway uses too. */
const good = 192;

/** Holds every stored value against what was served. */
export class Judge {
  readonly #options: JudgeOptions;
  readonly #devices: ReadonlyMap<string, RigDevice>;
  readonly #last = new Map<string, Last>();
  readonly #quality = new Map<string, { code: number; goodAtMs: number }>();
  readonly wrong: Wrong[] = [];
  stored = 0;

  constructor(options: JudgeOptions) {
    this.#options = options;
    this.#devices = new Map(options.devices.map((device) => [device.id, device]));
  }

  take(field: StoredField): void {
    if (field.measurement === 'point_quality') {
      if (field.field === 'code') this.#takeQuality(field);
      return;
    }
    this.stored += 1;
    const device = this.#devices.get(field.tags.equipment ?? '');
    const point = pointNumber(field.field);
    if (field.measurement !== this.#options.measurement || device === undefined || point === undefined) {
      this.#complain(field, 'names no point of the rig', undefined);
      return;
    }
    const key = `${device.id}/${field.field}`;
    const last = this.#last.get(key);
    // The uplink may send a batch again whose receipt it has not seen.
    if (last !== undefined && last.timeMs === field.timeMs && last.value === field.value) return;
    const serving = this.#servingOf(field, device, point);
    const why = this.#complaint(field, { device, point, last, serving });
    if (why !== undefined) this.#complain(field, why, serving);
    const counter = serving?.fill === 'counter' ? serving.counter : (last?.counter ?? 0);
    this.#last.set(key, { value: Number(field.value), counter, timeMs: field.timeMs });
    if (why === undefined && serving !== undefined) this.#options.onGood?.(device, point, serving, field.timeMs);
  }

  /**
   * Points whose quality is not good, and has not been since this time (UTC ms). Quality is stored when it changes; on a busy machine
   * some point is stale at any moment.
   */
  notGood(sinceMs: number): string[] {
    return [...this.#devices.values()].flatMap((device) =>
      device.blocks
        .flatMap((block) => Array.from({ length: 5 }, (_, i) => block.firstPoint + i))
        .map((point) => `${device.id}/p${String(point).padStart(2, '0')}`)
        .filter((key) => !this.#isGood(key, sinceMs)),
    );
  }

  #takeQuality({ tags, value, timeMs }: StoredField): void {
    const key = `${tags.equipment}/${tags.point}`;
    const code = Number(value);
    const before = this.#quality.get(key);
    // It was good until now, if it was.
    const goodAtMs = code === good || before?.code === good ? timeMs : (before?.goodAtMs ?? 0);
    this.#quality.set(key, { code, goodAtMs });
  }

  #isGood(key: string, sinceMs: number): boolean {
    const known = this.#quality.get(key);
    return known !== undefined && (known.code === good || known.goodAtMs >= sinceMs);
  }

  #servingOf({ value, timeMs }: StoredField, device: RigDevice, point: number): Serving | undefined {
    if (value === 0) return this.#options.ledger.zerosBefore(device.index, point, timeMs);
    const origin = typeof value === 'number' ? decodeValue(value) : undefined;
    return origin && this.#options.ledger.find(origin.device, origin.counter);
  }

  #complaint(
    field: StoredField,
    about: { device: RigDevice; point: number; last: Last | undefined; serving: Serving | undefined },
  ): string | undefined {
    const { device, point, last, serving } = about;
    if (serving?.sentAtMs === undefined) return 'was never served';
    if (serving.device !== device) return `was served by ${serving.device.id}`;
    if (!serving.points.includes(point))
      return `was served in ${serving.code}:${serving.start}+${serving.count}, where this point is not`;
    if (field.value !== 0 && decodeValue(Number(field.value))?.point !== point) return `is the value of another point`;
    if (serving.mayStore === 'never') return `came only in a frame that is no answer ("${serving.fault}")`;
    if (field.timeMs < serving.sentAtMs) return `has a time ${serving.sentAtMs - field.timeMs} ms before it was served`;
    const overMs = serving.turn.overAtMs;
    if (overMs !== undefined && field.timeMs > overMs + this.#options.handOverMs) {
      return `was taken for the answer to a later request, which came ${field.timeMs - overMs} ms before`;
    }
    const afterMs = field.timeMs - serving.requestedAtMs;
    if (afterMs > this.#options.longestMs) return `has a time ${afterMs} ms after it was asked for`;
    if (last !== undefined && field.timeMs <= last.timeMs) return `has a time not after the value before it`;
    if (serving.fill === 'counter' && last !== undefined && serving.counter <= last.counter) {
      return `was stored before: counter ${serving.counter} after ${last.counter}`;
    }
    return undefined;
  }

  #complain(field: StoredField, why: string, serving: Serving | undefined): void {
    const device = this.#devices.get(field.tags.equipment ?? '');
    const served = device === undefined ? [] : this.#options.ledger.around(device.index, field.timeMs, 3000).slice(-12);
    const point = `${field.tags.equipment}/${field.field}`;
    this.wrong.push({ why, line: field.line, point, fault: serving?.fault ?? 'none', served });
  }
}
