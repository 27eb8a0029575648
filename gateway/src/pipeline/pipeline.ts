import { type Clock, type Logger, PlantroomError, type Reading } from '@plantroom/contracts';
import type { BoundPoint, PointBinding, RawValue } from '@plantroom/device-profiles';
import type { DriverSink, ReadFailure } from '../drivers/driver.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { Availability, type DeviceState } from './availability.ts';
import { Batcher, type BatcherStats } from './batcher.ts';
import { carryOver, meansTheSame } from './carry-over.ts';
import { type CounterEvent, type CounterState, counterStage, inWords } from './counter-stage.ts';
import { Derivations } from './derivations.ts';
import { exceptionStage, isNews, type Sent } from './exception-stage.ts';
import type { GatewayPoint, PointTable } from './point-table.ts';
import { isOutside, rangeStage } from './range-stage.ts';
import { Repeats } from './repeats.ts';
import { StageRun } from './stage-run.ts';
import { wireTimeStage } from './wire-time-stage.ts';

/** How often silence limits are looked at; they are seconds to hours. */
const silenceCheckMs = 1000;

export interface PipelineOptions {
  table: PointTable;
  outbox: Outbox;
  clock: Clock;
  logger: Logger;
}

export interface PipelineStats extends BatcherStats {
  raw: number;
  emitted: number;
  /** Readings whose wire time was moved because of a tie or a step back of the clock. */
  moved: number;
  failures: number;
  lost: number;
  /** Values that became stale because their polls were missed. */
  stale: number;
  counters: CounterStats;
  /** Values of bindings that are not in the configuration: a fault of the driver. */
  unknown: number;
}

export interface CounterStats {
  wraps: number;
  resets: number;
  /** Single values that fell and were taken back by the next one. */
  glitches: number;
}

/** Raw values in, readings in the outbox: decode, range, counters, report by exception, wire time, silence, and what is derived. */
export class Pipeline implements DriverSink {
  #table: PointTable;
  readonly #clock: Clock;
  readonly #batcher: Batcher;
  readonly #availability: Availability;
  readonly #range: StageRun<null>;
  readonly #counter: StageRun<CounterState>;
  readonly #exception: StageRun<Sent>;
  readonly #wireTime: StageRun<number>;
  readonly #derivations: Derivations;
  #repeats: Repeats;
  #last: (Reading | undefined)[];
  /** What the device said last, live; retained copies of it are no news. */
  #live: (Reading['value'] | undefined)[];
  /** By point id; mostly empty, because only commands listen, while they wait. */
  readonly #onLive = new Map<string, Set<(reading: Reading) => void>>();
  readonly #stats = { raw: 0, emitted: 0, moved: 0, failures: 0, lost: 0, stale: 0, unknown: 0 };
  readonly #counters: CounterStats = { wraps: 0, resets: 0, glitches: 0 };
  #watermarkMs = 0;
  #cancelCheck: (() => void) | undefined;

  constructor({ table, outbox, clock, logger }: PipelineOptions) {
    this.#table = table;
    this.#clock = clock;
    this.#batcher = new Batcher(outbox, { clock, logger });
    this.#availability = new Availability(table);
    this.#range = new StageRun(rangeStage, table);
    this.#counter = new StageRun(
      counterStage((event, binding) => this.#counterEvent(event, binding, logger)),
      table,
    );
    this.#exception = new StageRun(exceptionStage, table);
    this.#wireTime = new StageRun(wireTimeStage, table);
    this.#derivations = new Derivations(table);
    this.#repeats = new Repeats(table.points.length);
    this.#last = table.points.map(() => undefined);
    this.#live = table.points.map(() => undefined);
  }

  start(): void {
    this.#availability.begin(this.#clock.monotonicMs());
    this.#scheduleCheck();
  }

  /**
   * From now on the points are those of this table. A point that was there before goes on where it stood, by its id: values, counters, what
   * was reported, silence. What has come so far is appended first; what drivers still deliver of former bindings is counted as unknown.
   */
  change(table: PointTable): void {
    this.#batcher.flush({ insist: true });
    const from = this.#table;
    const carried = { from, to: table, fresh: () => undefined, fits: meansTheSame };
    this.#table = table;
    this.#availability.change(table, this.#clock.monotonicMs());
    for (const stage of [this.#range, this.#counter, this.#exception])
      stage.change({ from, to: table, fits: meansTheSame });
    // (point, wire time) identifies a reading, whatever the point means now.
    this.#wireTime.change({ from, to: table });
    this.#derivations.change(table);
    this.#repeats = new Repeats(table.points.length);
    this.#last = carryOver(this.#last, carried);
    this.#live = carryOver(this.#live, carried);
  }

  /** Appends what waits; call it when the drivers have stopped. */
  stop(): void {
    this.#cancelCheck?.();
    this.#cancelCheck = undefined;
    this.#batcher.flush({ insist: true });
  }

  raw(
    _device: string,
    binding: PointBinding,
    raw: RawValue,
    wireTimeMs: number,
    extra?: { deviceTimeMs?: number; retained?: boolean },
  ): void {
    this.#stats.raw++;
    const point = this.#table.ofBinding.get(binding);
    if (point === undefined) {
      this.#stats.unknown++;
      return;
    }
    // Words alone: a payload that came again is another object.
    const words = extra === undefined && 'length' in raw ? raw : undefined;
    if (words !== undefined && this.#onLive.size === 0 && this.#repeats.has(point.index, words, wireTimeMs)) {
      this.#heard(point);
      return;
    }
    const decoded = binding.decode(raw);
    if (decoded === undefined) return;
    // Written out: a hundred thousand of these are made in a second, and a spread costs several times as much.
    const reading: Reading = { point: point.id, value: decoded.value, quality: decoded.quality, wireTimeMs };
    if (decoded.reason !== undefined) reading.reason = decoded.reason;
    if (extra?.deviceTimeMs !== undefined) reading.deviceTimeMs = extra.deviceTimeMs;
    if (extra?.retained === true) this.#takeRetained(point, reading);
    else this.#takeLive(point, reading, words);
  }

  failed(_device: string, bindings: readonly PointBinding[], failure: ReadFailure, _atMs: number): void {
    this.#stats.failures++;
    for (const binding of bindings) {
      const point = this.#table.ofBinding.get(binding);
      if (point !== undefined) this.#availability.refused(point, failure.kind === 'exception');
    }
  }

  availability(device: string, online: boolean, atMs: number): void {
    const index = this.#table.deviceIndex.get(device);
    if (index === undefined) return;
    if (online) this.#availability.saidOnline(index, this.#clock.monotonicMs());
    else this.#lose(this.#availability.saidOffline(index), atMs);
  }

  /** MQTT: stored when it returns, throws when it is not, because the driver's PUBACK hangs on it. Modbus: appends as the outbox has rested. */
  settled(device: string, _atMs: number): void {
    this.#derive();
    const index = this.#table.deviceIndex.get(device);
    if (index === undefined || this.#table.devices[index]?.profile.protocol !== 'mqtt') this.#batcher.settle();
    else if (!this.#batcher.flush())
      throw new PlantroomError('PIPELINE_NOT_STORED', `readings of "${device}" are not in the outbox yet`, {
        retryable: true,
      });
  }

  /** The wire time, UTC ms, up to which everything of this gateway has been appended. Never falls. */
  watermarkMs(): number {
    // Less one: another value may still come in the present millisecond.
    if (this.#batcher.empty) this.#watermarkMs = Math.max(this.#watermarkMs, this.#clock.nowMs() - 1);
    return this.#watermarkMs;
  }

  /** What was emitted last for the point with this index. */
  last(pointIndex: number): Reading | undefined {
    return this.#last[pointIndex];
  }

  deviceState(deviceIndex: number): DeviceState {
    return this.#availability.state(deviceIndex);
  }

  /** Hears each value that the device gives of the point with this id, news or not, before any stage; the answer ends it. */
  onLive(point: string, call: (reading: Reading) => void): () => void {
    const calls = this.#onLive.get(point) ?? new Set();
    this.#onLive.set(point, calls.add(call));
    return () => {
      calls.delete(call);
      if (calls.size === 0 && this.#onLive.get(point) === calls) this.#onLive.delete(point);
    };
  }

  onDevice(call: (device: string, state: DeviceState) => void): () => void {
    return this.#availability.onChange(call);
  }

  stats(): PipelineStats {
    return { ...this.#stats, counters: { ...this.#counters }, ...this.#batcher.stats() };
  }

  #heard(point: GatewayPoint): void {
    this.#availability.heard(point, this.#clock.monotonicMs());
    this.#derivations.touch(point);
  }

  #takeLive(point: GatewayPoint, reading: Reading, words: RawValue | undefined): void {
    this.#heard(point);
    this.#live[point.index] = reading.value;
    if (this.#onLive.size > 0) for (const call of this.#onLive.get(point.id) ?? []) call(reading);
    this.#pass(point, reading, words);
  }

  /** Not fresh: it says what was true once. It never revives a lost device, and the copy of a value held live is no news. */
  #takeRetained(point: GatewayPoint, reading: Reading): void {
    if (this.#availability.isLost(point) || this.#availability.state(point.deviceIndex) === 'offline') return;
    if (this.#live[point.index] === reading.value) return;
    this.#live[point.index] = undefined;
    this.#pass(point, reading.quality === 'good' ? { ...reading, quality: 'uncertain', reason: 'stale' } : reading);
  }

  /** `words`: what a device said that it will say again; left out: nothing of the kind. */
  #pass(point: GatewayPoint, reading: Reading, words?: RawValue): void {
    this.#repeats.forget(point.index);
    const { binding } = point;
    // A stage is run where it has something to say; for most values none has.
    const ranged = isOutside(reading, binding.range) ? this.#range.run(point, reading) : reading;
    if (ranged === undefined) return;
    const counted = binding.kind === 'counter' ? this.#counter.run(point, ranged) : ranged;
    // A counter that fell: the same value once more confirms it.
    if (counted === undefined) return;
    const sent = this.#exception.state(point);
    const news = isNews(sent, counted, binding.deadband) ? this.#exception.run(point, counted) : undefined;
    if (words !== undefined) this.#repeats.note(point.index, words, (news ?? sent ?? counted).wireTimeMs);
    if (news === undefined) return;
    // What has been called complete stays complete, for all points: after a step back of the clock none may fall behind it.
    const wireTimeMs = Math.max(news.wireTimeMs, this.#watermarkMs + 1);
    const timed = this.#wireTime.run(point, wireTimeMs === news.wireTimeMs ? news : { ...news, wireTimeMs });
    if (timed === undefined) return;
    if (timed.wireTimeMs !== news.wireTimeMs) this.#stats.moved++;
    this.#stats.emitted++;
    this.#last[point.index] = timed;
    this.#batcher.add(binding.lane, timed);
  }

  #lose(points: readonly GatewayPoint[], atMs: number): void {
    for (const point of points) {
      this.#stats.lost++;
      this.#live[point.index] = undefined;
      const reason = this.#availability.isRefused(point) ? 'device-error' : 'comm-lost';
      this.#pass(point, { point: point.id, value: null, quality: 'bad', reason, wireTimeMs: atMs });
      this.#derivations.touch(point);
    }
    if (points.length === 0) return;
    this.#derive();
    this.#batcher.settle();
  }

  /** What the device said last is all there is to know: it is kept, and says that it is old. */
  #age(points: readonly GatewayPoint[], atMs: number): void {
    let any = false;
    for (const point of points) {
      const value = this.#live[point.index];
      if (value === undefined || value === null) continue;
      this.#stats.stale++;
      any = true;
      this.#pass(point, { point: point.id, value, quality: 'uncertain', reason: 'stale', wireTimeMs: atMs });
      this.#derivations.touch(point);
    }
    if (!any) return;
    this.#derive();
    this.#batcher.settle();
  }

  /** Once a poll, not once an input: half of a new set with half of the old one is no value. */
  #derive(): void {
    this.#derivations.run(
      (input) => this.#last[input.index],
      (point, reading) => {
        if (!point.inputs.some((input) => this.#availability.isLost(input)))
          this.#availability.heard(point, this.#clock.monotonicMs());
        this.#pass(point, reading);
      },
    );
  }

  #counterEvent(event: CounterEvent, binding: BoundPoint, logger: Logger): void {
    const { equipment, point } = binding;
    if (event.kind === 'wrap') this.#counters.wraps++;
    else if (event.kind === 'reset') this.#counters.resets++;
    else this.#counters.glitches++;
    logger.info({ equipment, point, ...event }, `counter ${equipment}/${point}: ${inWords(event)}`);
  }

  #scheduleCheck(): void {
    this.#cancelCheck = this.#clock.after(silenceCheckMs, () => {
      this.#lose(this.#availability.due(this.#clock.monotonicMs()), this.#clock.nowMs());
      this.#age(this.#availability.dueStale(this.#clock.monotonicMs()), this.#clock.nowMs());
      this.#scheduleCheck();
    });
  }
}
