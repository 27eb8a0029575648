import {
  type Clock,
  type CurrentValue,
  errorMessage,
  type Logger,
  PlantroomError,
  type Quality,
  type QualityReason,
  type Reading,
} from '@plantroom/contracts';
import type { CurrentValues } from '../current/current-values.ts';
import { initialRuleState } from '../domain/alarms/condition.ts';
import { deviceDefinition, equipmentDefinitions, gatewayDefinition } from '../domain/definitions.ts';
import type { BornPoint, IngestSink } from '../ingest/ingest.ts';
import {
  appendJournal,
  loadAlarms,
  loadLimits,
  type StoredLimit,
  saveAlarms,
} from '../repositories/alarm-repository.ts';
import type { Database, Db } from '../repositories/database.ts';
import { loadPlant, savePlant } from '../repositories/plant-repository.ts';
import type { ServerCatalog } from './catalog.ts';
import type { EngineInput } from './engine-input.ts';
import { InputQueue, type InputQueueStats } from './input-queue.ts';
import { settleOrders } from './order-desk.ts';
import { type DevicePlace, type GatewayPlace, Plant, type PlantPatch } from './plant.ts';
import { birthPatch, isEmptyPatch } from './registration.ts';
import { RuleBook, type RuleBookChange, type RuleEntry } from './rule-book.ts';
import { type Outcome, UnitOfWork } from './unit-of-work.ts';

export interface EngineOptions {
  database: Database;
  catalog: ServerCatalog;
  current: CurrentValues;
  clock: Clock;
  logger: Logger;
}

/** What has been committed, for the live stream and the metrics. */
export interface EngineEvent extends Outcome {
  gateways: GatewayPlace[];
  devices: DevicePlace[];
}

export interface EngineStats extends InputQueueStats {
  readings: number;
  commits: number;
  failures: number;
  /** Why the database refused last; null once it took again. */
  failing: string | null;
}

/** What a command works with. `afterCommit` runs once the transaction has been committed; its rule changes are settled next. */
export interface CommandContext {
  db: Db;
  work: UnitOfWork;
  afterCommit(call: () => RuleBookChange[]): void;
}

interface Command {
  run(context: CommandContext): Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

const maxWaitingReadings = 200_000;
/** Inputs that share a transaction. */
const maxBatch = 64;
const retryMs = 1_000;
const tickMs = 1_000;

/**
 * Joins ingest to alarms, orders and the live stream. One queue, one worker: inputs and operators' acts are processed one after
 * the other, each batch in one transaction, and nobody is told before it is committed.
 */
export class Engine implements IngestSink {
  readonly plant = new Plant();
  readonly book = new RuleBook();
  readonly #options: EngineOptions;
  readonly #limits = new Map<string, StoredLimit[]>();
  readonly #watermarks = new Map<string, number>();
  readonly #queue: InputQueue;
  readonly #commands: Command[] = [];
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  readonly #counts = { readings: 0, commits: 0, failures: 0 };
  #failing: string | null = null;
  #stopping = false;
  #wake: (() => void) | null = null;
  #idle: (() => void)[] = [];
  #working: Promise<void> = Promise.resolve();
  #cancelTick: () => void = () => undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#queue = new InputQueue({
      maxReadings: maxWaitingReadings,
      isLifeSafety: (point) => this.book.of(point).some((entry) => entry.definition.lifeSafety),
      onOverflow: (stats) =>
        options.logger.warn(stats, 'rules cannot keep up; readings are condensed to the newest per point'),
    });
  }

  /** Loads the plant, its alarms with their delays, and begins to work. */
  async start(): Promise<void> {
    const { db } = this.#options.database;
    const { nowMs } = this.#now();
    const plant = await loadPlant(db);
    // Links are known anew: the host reports each gateway within seconds of its own start.
    const away = <T extends { online: boolean; sinceMs: number }>(link: T): T => ({
      ...link,
      online: false,
      sinceMs: nowMs,
    });
    this.plant.apply({ ...plant, gateways: plant.gateways.map(away), devices: plant.devices.map(away) });
    for (const stored of await loadLimits(db)) this.#limitsOf(stored.point).push(stored);
    this.book.restore(await loadAlarms(db));
    for (const owner of this.plant.equipment.keys()) this.defineEquipment(owner);
    for (const device of this.plant.devices.values()) this.book.define(device.id, [deviceDefinition(device)]);
    for (const gateway of this.plant.gateways.keys()) this.book.define(gateway, [gatewayDefinition(gateway)]);
    const lost = this.book.unclaimed().filter(({ alarm }) => alarm.state !== 'NORM');
    if (lost.length > 0) {
      this.#options.logger.warn(
        { alarms: lost.map(({ alarm }) => alarm.id) },
        'standing alarms without a definition are kept but not watched',
      );
    }
    this.#working = this.#work();
    this.#tick();
  }

  /** Finishes what waits, as long as the database takes it. */
  async stop(): Promise<void> {
    this.#cancelTick();
    this.#stopping = true;
    this.#wake?.();
    await this.#working;
  }

  onEvent(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Runs an operator's act in its turn and transaction. Rejects with what it throws. */
  command<T>(run: (context: CommandContext) => Promise<T>): Promise<T> {
    if (this.#stopping)
      return Promise.reject(new PlantroomError('SERVER_STOPPING', 'the server is stopping', { retryable: true }));
    return new Promise<T>((resolve, reject) => {
      this.#commands.push({ run, resolve: (value) => resolve(value as T), reject });
      this.#wake?.();
    });
  }

  /** Resolves when everything taken in so far has been processed. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve);
      this.#wake?.();
    });
  }

  stats(): EngineStats {
    return { ...this.#queue.stats(), ...this.#counts, failing: this.#failing };
  }

  watermark(gateway: string, wireTimeMs: number): void {
    this.#watermarks.set(gateway, wireTimeMs);
    this.#take({ type: 'watermark', gateway, atMs: wireTimeMs });
  }

  watermarkOf(gateway: string): number | null {
    return this.#watermarks.get(gateway) ?? null;
  }

  gatewayOnline(gateway: string, atMs: number): void {
    this.#take({ type: 'gateway', gateway, online: true, atMs });
  }

  gatewayOffline(gateway: string, atMs: number): void {
    this.#take({ type: 'gateway', gateway, online: false, atMs });
  }

  deviceOnline(gateway: string, device: string, points: readonly BornPoint[], atMs: number): void {
    this.#take({ type: 'device-online', gateway, device: deviceId(gateway, device), points, atMs });
  }

  deviceOffline(gateway: string, device: string, atMs: number): void {
    this.#take({ type: 'device-offline', gateway, device: deviceId(gateway, device), atMs });
  }

  /** Called with up to 200 k readings a second: most have no rule and end at the current values. */
  readings(gateway: string, readings: readonly Reading[], _historical: boolean): void {
    const { nowMs } = this.#now();
    const ordered = inOrder(readings);
    const ruled: Reading[] = [];
    let lastMs = 0;
    this.#counts.readings += ordered.length;
    for (const reading of ordered) {
      if (reading.wireTimeMs > lastMs) lastMs = reading.wireTimeMs;
      if (!this.#options.current.set(currentValue(reading, nowMs))) continue;
      if (this.book.of(reading.point).length > 0 || !this.plant.points.has(reading.point)) ruled.push(reading);
    }
    if (ruled.length > 0) this.#take({ type: 'readings', gateway, readings: ruled });
    // A foreign node sends no watermark: its own readings are the only clock that its rules have.
    if (!this.#watermarks.has(gateway)) this.#take({ type: 'watermark', gateway, atMs: lastMs });
  }

  degraded(_gateway: string, points: readonly string[], quality: Quality, reason: QualityReason, atMs: number): void {
    for (const point of points) {
      const held = this.#options.current.get(point);
      // The host's time would outrank later readings of a gateway whose clock is behind, so the value keeps its wire time.
      if (held !== undefined) this.#options.current.set({ ...held, quality, reason, ingestTimeMs: atMs });
    }
    this.#take({ type: 'refresh', points });
  }

  limitsOf(equipment: string): readonly StoredLimit[] {
    return this.#limits.get(equipment) ?? [];
  }

  /** Replaces the limits of a point's equipment; for a command's `afterCommit`. */
  replaceLimits(equipment: string, limits: readonly StoredLimit[]): RuleBookChange {
    this.#limits.set(equipment, [...limits]);
    return this.defineEquipment(equipment);
  }

  defineEquipment(equipment: string): RuleBookChange {
    return this.book.define(equipment, this.definitionsOf(equipment));
  }

  /** Also those that are disabled. */
  definitionsOf(equipment: string) {
    const place = this.plant.equipment.get(equipment);
    const equipmentClass = place === undefined ? undefined : this.#options.catalog.classes.get(place.class);
    return equipmentDefinitions({ id: equipment, class: equipmentClass }, this.limitsOf(equipment));
  }

  /** Writes and takes over a change of the plant; for commands, inside their transaction. */
  async changePlant(context: CommandContext, patch: PlantPatch): Promise<void> {
    await savePlant(context.db, patch);
    context.afterCommit(() => this.#takeOver(patch));
  }

  #take(input: EngineInput): void {
    this.#queue.push(input);
    this.#wake?.();
  }

  #tick(): void {
    this.#cancelTick = this.#options.clock.after(tickMs, () => {
      if (this.book.pending().size > 0) this.#take({ type: 'tick' });
      this.#tick();
    });
  }

  async #work(): Promise<void> {
    for (;;) {
      const command = this.#commands.shift();
      if (command !== undefined) await this.#execute(command);
      else if (!this.#queue.empty) await this.#processBatch();
      else {
        for (const resolve of this.#idle.splice(0)) resolve();
        if (this.#stopping) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = null;
      }
    }
  }

  async #execute(command: Command): Promise<void> {
    const work = new UnitOfWork(this.#now().nowMs);
    const after: (() => RuleBookChange[])[] = [];
    try {
      const result = await this.#options.database.db.transaction().execute(async (db) => {
        const value = await command.run({ db, work, afterCommit: (call) => after.push(call) });
        await this.#write(db, work);
        return value;
      });
      this.#committed(work);
      const changes = after.flatMap((call) => call());
      await this.#settleDefinitions(changes);
      command.resolve(result);
    } catch (error) {
      command.reject(error);
    }
  }

  async #processBatch(): Promise<void> {
    const batch: EngineInput[] = [];
    while (batch.length < maxBatch) {
      const input = this.#queue.shift();
      if (input === undefined) break;
      if (input.type === 'gateway' || input.type === 'device-online' || input.type === 'device-offline') {
        await this.#settle(batch);
        await this.#link(input);
        return;
      }
      batch.push(input);
    }
    await this.#settle(batch);
  }

  async #settle(batch: readonly EngineInput[]): Promise<void> {
    if (batch.length === 0) return;
    await this.#commit((work) => {
      for (const input of batch) this.#evaluate(work, input);
    });
  }

  #evaluate(work: UnitOfWork, input: EngineInput): void {
    switch (input.type) {
      case 'readings':
        for (const { point, wireTimeMs: atMs, value, quality, reason } of input.readings) {
          for (const entry of this.book.of(point))
            work.evaluate(entry, { type: 'reading', atMs, value, quality, reason });
        }
        return;
      case 'refresh':
        for (const point of input.points) for (const entry of this.book.of(point)) this.#refresh(work, entry);
        return;
      case 'watermark':
        for (const entry of this.book.pending()) {
          if (this.plant.points.get(entry.definition.source)?.gateway === input.gateway) {
            work.evaluate(entry, { type: 'time', atMs: input.atMs });
          }
        }
        return;
      case 'tick':
        for (const entry of this.book.pending()) {
          if (entry.definition.condition.type === 'offline') work.evaluate(entry, { type: 'time', atMs: work.nowMs });
        }
        return;
      default:
        return;
    }
  }

  /** Looks at the newest value again, at the time up to which its gateway has told everything. */
  #refresh(work: UnitOfWork, entry: RuleEntry, notBefore = 0): void {
    const held = this.#options.current.get(entry.definition.source);
    if (held === undefined) return;
    const { value, quality, reason } = held;
    work.evaluate(entry, { type: 'reading', atMs: Math.max(held.wireTimeMs, notBefore), value, quality, reason });
  }

  /** Gateways and devices coming and going: the plant first, then the alarms about the link. */
  async #link(input: Extract<EngineInput, { type: 'gateway' | 'device-online' | 'device-offline' }>): Promise<void> {
    const patch = this.#linkPatch(input);
    if (!isEmptyPatch(patch)) {
      await this.#retrying(() => this.#options.database.db.transaction().execute((db) => savePlant(db, patch)));
    }
    const changes = this.#takeOver(patch);
    await this.#settleDefinitions(changes);
    await this.#commit((work) => {
      if (input.type === 'gateway') {
        this.#setLink(work, input.gateway, input.online);
        // Behind a lost gateway nobody knows about the devices: one alarm for the parent, none for the children.
        if (!input.online) for (const device of this.plant.devicesOf(input.gateway)) this.#loseLink(work, device.id);
        return;
      }
      const online = input.type === 'device-online';
      if (!online && this.plant.gateways.get(input.gateway)?.online === false) this.#loseLink(work, input.device);
      else this.#setLink(work, input.device, online);
      if (online)
        for (const { point } of input.points) for (const entry of this.book.of(point)) this.#refresh(work, entry);
    });
  }

  #linkPatch(input: Extract<EngineInput, { type: 'gateway' | 'device-online' | 'device-offline' }>): PlantPatch {
    if (input.type === 'device-online') {
      return birthPatch(this.plant, input, Intl.DateTimeFormat().resolvedOptions().timeZone);
    }
    if (input.type === 'device-offline') {
      const held = this.plant.devices.get(input.device);
      return held?.online ? { devices: [{ ...held, online: false, sinceMs: input.atMs }] } : {};
    }
    const { gateway: id, online, atMs } = input;
    const held = this.plant.gateways.get(id);
    const site = id.split('/')[0] ?? id;
    const gateways = held?.online === online ? [] : [{ id, site, online, sinceMs: atMs }];
    const silent = online ? [] : this.plant.devicesOf(id).filter((device) => device.online);
    return { gateways, devices: silent.map((device) => ({ ...device, online: false, sinceMs: atMs })) };
  }

  /**
   * Link alarms run on server time: a birth may be stamped by a gateway whose clock is off, and the server's own may step back.
   */
  #setLink(work: UnitOfWork, source: string, online: boolean): void {
    for (const entry of this.book.of(source)) {
      const atMs = Math.max(work.nowMs, work.view(entry).state.sinceMs ?? 0);
      work.evaluate(entry, { type: 'reading', atMs, value: online, quality: 'good' });
    }
  }

  #loseLink(work: UnitOfWork, source: string): void {
    for (const entry of this.book.of(source)) work.evaluate(entry, { type: 'source-lost' });
  }

  #takeOver(patch: PlantPatch): RuleBookChange[] {
    this.plant.apply(patch);
    const changes = [
      ...(patch.equipment ?? []).map(({ id }) => this.defineEquipment(id)),
      ...(patch.devices ?? []).map((device) => this.book.define(device.id, [deviceDefinition(device)])),
      ...(patch.gateways ?? []).map(({ id }) => this.book.define(id, [gatewayDefinition(id)])),
    ];
    const { gateways = [], devices = [] } = patch;
    if (gateways.length + devices.length > 0) {
      this.#emit({ alarms: [], announced: [], workOrders: [], gateways, devices });
    }
    return changes;
  }

  /** Tells alarms that their definition is another now, and looks at the value under the new one. */
  async #settleDefinitions(changes: readonly RuleBookChange[]): Promise<void> {
    const changed = changes.flatMap((change) => change.changed);
    const withdrawn = changes.flatMap((change) => change.withdrawn);
    const fresh = changes.flatMap((change) => change.added);
    if (changed.length + withdrawn.length + fresh.length === 0) return;
    await this.#commit((work) => {
      const event = { type: 'configured' as const, user: null, comment: null };
      for (const entry of withdrawn) {
        work.apply(entry, { ...event, withdrawn: true });
        work.setState(entry, initialRuleState);
      }
      for (const entry of changed) work.apply(entry, { ...event, withdrawn: false });
      for (const entry of [...changed, ...fresh]) {
        const gateway = this.plant.points.get(entry.definition.source)?.gateway;
        this.#refresh(work, entry, (gateway === undefined ? null : this.watermarkOf(gateway)) ?? 0);
      }
    });
  }

  /** Builds, writes and takes over; again from the start while the database refuses. */
  async #commit(build: (work: UnitOfWork) => void): Promise<void> {
    await this.#retrying(async () => {
      const work = new UnitOfWork(this.#now().nowMs);
      build(work);
      if (work.dirty) await this.#options.database.db.transaction().execute((db) => this.#write(db, work));
      this.#committed(work);
    });
  }

  async #write(db: Db, work: UnitOfWork): Promise<void> {
    if (!work.dirty) return;
    await settleOrders(db, work, {
      book: this.book,
      classOf: (equipment) => this.#options.catalog.classes.get(this.plant.equipment.get(equipment)?.class ?? ''),
    });
    await saveAlarms(db, work.stored());
    await appendJournal(db, work.journal);
  }

  #committed(work: UnitOfWork): void {
    for (const [entry, to] of work.changes) this.book.commit(entry, to);
    if (work.dirty) this.#counts.commits++;
    this.#emit({ ...work.outcome(), gateways: [], devices: [] });
  }

  #emit(event: EngineEvent): void {
    if (Object.values(event).every((items) => items.length === 0)) return;
    for (const listener of this.#listeners) listener(event);
  }

  async #retrying(act: () => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        await act();
        if (this.#failing !== null) this.#options.logger.info({}, 'the database takes writes again');
        this.#failing = null;
        return;
      } catch (error) {
        this.#counts.failures++;
        if (this.#failing === null)
          this.#options.logger.error({ err: error }, 'the database refuses; alarms wait until it takes');
        this.#failing = errorMessage(error);
        if (this.#stopping) return;
        await new Promise<void>((resolve) => this.#options.clock.after(retryMs, resolve));
      }
    }
  }

  #limitsOf(point: string): StoredLimit[] {
    const equipment = point.split('/').slice(0, 2).join('/');
    const held = this.#limits.get(equipment);
    if (held !== undefined) return held;
    const list: StoredLimit[] = [];
    this.#limits.set(equipment, list);
    return list;
  }

  #now(): { nowMs: number } {
    return { nowMs: this.#options.clock.nowMs() };
  }
}

const deviceId = (gateway: string, device: string): string => (device.includes('/') ? device : `${gateway}/${device}`);

function currentValue(reading: Reading, nowMs: number): CurrentValue {
  const value: CurrentValue = {
    point: reading.point,
    value: reading.value,
    quality: reading.quality,
    wireTimeMs: reading.wireTimeMs,
    ingestTimeMs: reading.ingestTimeMs ?? nowMs,
  };
  if (reading.reason !== undefined) value.reason = reading.reason;
  if (reading.deviceTimeMs !== undefined) value.deviceTimeMs = reading.deviceTimeMs;
  return value;
}

/** By wire time, then by point, so that a message gives the same whatever order its metrics came in. */
function inOrder(readings: readonly Reading[]): readonly Reading[] {
  const before = (a: Reading, b: Reading): boolean =>
    a.wireTimeMs < b.wireTimeMs || (a.wireTimeMs === b.wireTimeMs && a.point <= b.point);
  for (let i = 1; i < readings.length; i++) {
    const [a, b] = [readings[i - 1], readings[i]];
    if (a !== undefined && b !== undefined && !before(a, b)) {
      return readings.toSorted(
        (x, y) => x.wireTimeMs - y.wireTimeMs || (x.point < y.point ? -1 : x.point > y.point ? 1 : 0),
      );
    }
  }
  return readings;
}
