import { PlantroomError, type Quality, type QualityReason, type Reading, type SiteModel } from '@plantroom/contracts';
import { TestBook } from '../domain/test-modes/test-book.ts';
import type { BornPoint, IngestSink, StoredLane } from '../ingest/ingest.ts';
import { loadAlarms, loadLimits } from '../repositories/alarm-repository.ts';
import { loadOverrides } from '../repositories/override-repository.ts';
import { loadPlant } from '../repositories/plant-repository.ts';
import { loadTestModes } from '../repositories/test-mode-repository.ts';
import { AlarmSettings } from './alarm-settings.ts';
import { type CommandContext, Committer, type EngineEvent } from './committer.ts';
import { deviceId, type EngineInput } from './engine-input.ts';
import type { EngineOptions, EngineStats } from './engine-options.ts';
import { evaluateInput, passOver } from './evaluate-input.ts';
import { LateData } from './evaluate-late.ts';
import { SignalClock } from './evaluate-signal.ts';
import { FloodDesk } from './flood-desk.ts';
import { InputQueue } from './input-queue.ts';
import { LifeSafetyWatch } from './life-safety-watch.ts';
import { LinkAlarms } from './link-alarms.ts';
import { Plant, type PlantPatch } from './plant.ts';
import { PlantDesk } from './plant-desk.ts';
import { sortReadings } from './readings.ts';
import { RuleBook, type RuleBookChange } from './rule-book.ts';
import { SuppressionDesk } from './suppression-desk.ts';
import { WorkTurn } from './work-turn.ts';

/** Inputs that share a transaction. */
const maxBatch = 64;

/**
 * Joins ingest to alarms, orders and the live stream. One queue, one worker: inputs and operators' acts are processed one after
 * the other, each batch in one transaction, and nobody is told before it is committed.
 */
export class Engine implements IngestSink {
  readonly plant = new Plant();
  readonly book = new RuleBook(this.plant);
  readonly tests = new TestBook();
  readonly floods = new FloodDesk();
  readonly #watch = new LifeSafetyWatch(this.book, this.plant);
  readonly #links = new LinkAlarms({ book: this.book, plant: this.plant, watch: this.#watch });
  readonly #options: EngineOptions;
  readonly settings: AlarmSettings;
  readonly #watermarks = new Map<string, number>();
  readonly #queue: InputQueue;
  readonly #commands: (() => Promise<void>)[] = [];
  readonly #committer: Committer;
  readonly #late = new LateData();
  readonly #clock = new SignalClock();
  readonly #plantDesk: PlantDesk;
  #readings = 0;
  #stopping = false;
  #wake: (() => void) | null = null;
  #idle: (() => void)[] = [];
  #working: Promise<void> = Promise.resolve();
  #cancelTick: () => void = () => undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.settings = new AlarmSettings(this.plant, options.catalog);
    this.#committer = new Committer({
      database: options.database,
      book: this.book,
      tests: this.tests,
      floods: this.floods,
      equipmentOf: (definition) => this.#watch.equipmentOf(definition),
      classOf: (equipment) => options.catalog.classes.get(this.plant.equipment.get(equipment)?.class ?? ''),
      suppression: new SuppressionDesk(this.#sources()),
      clock: options.clock,
      logger: options.logger,
    });
    this.#plantDesk = new PlantDesk({
      database: options.database,
      committer: this.#committer,
      settings: this.settings,
      links: this.#links,
      sources: this.#sources(),
      watermarkOf: (gateway) => this.watermarkOf(gateway),
    });
    this.#queue = new InputQueue({
      maxReadings: 200_000,
      isLifeSafety: (point) => this.book.of(point).some((entry) => entry.definition.lifeSafety),
      onOverflow: (stats) =>
        options.logger.warn(stats, 'rules cannot keep up; readings are condensed to the newest per point'),
    });
  }

  /** Loads the plant, its alarms with their delays, and begins to work. */
  async start(): Promise<void> {
    const { db } = this.#options.database;
    const nowMs = this.#options.clock.nowMs();
    const plant = await loadPlant(db);
    // Links are known anew: the host reports each gateway within seconds of its own start.
    const away = <T extends { online: boolean; sinceMs: number }>(link: T): T => ({
      ...link,
      online: false,
      sinceMs: nowMs,
    });
    this.plant.apply({ ...plant, gateways: plant.gateways.map(away), devices: plant.devices.map(away) });
    this.settings.restore(await loadLimits(db), await loadOverrides(db));
    this.book.restore(await loadAlarms(db));
    this.tests.take(await loadTestModes(db, nowMs));
    for (const owner of this.plant.equipment.keys()) this.defineEquipment(owner);
    this.#links.begin();
    // Nobody saw whether it stayed away: the host says so again when the time has passed in which gateways come back.
    for (const gateway of this.plant.gateways.keys()) this.book.hold(gateway);
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
    this.#committer.giveUp();
    this.#wake?.();
    await this.#working;
  }

  onEvent(listener: (event: EngineEvent) => void): () => void {
    return this.#committer.onEvent(listener);
  }

  /** Runs an operator's act in its turn and transaction. Rejects with what it throws. */
  command<T>(run: (context: CommandContext) => Promise<T>): Promise<T> {
    if (this.#stopping)
      return Promise.reject(new PlantroomError('SERVER_STOPPING', 'the server is stopping', { retryable: true }));
    return new Promise<T>((resolve, reject) => {
      this.#commands.push(() => this.#execute(run).then(resolve, reject));
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
    return { ...this.#queue.stats(), ...this.#committer.stats(), readings: this.#readings };
  }

  watermark(gateway: string, wireTimeMs: number): void {
    this.#watermarks.set(gateway, wireTimeMs);
    this.#take({ type: 'watermark', gateway, atMs: wireTimeMs });
  }

  complete(gateway: string, lane: StoredLane, position: number): void {
    this.#take({ type: 'complete', gateway, lane, position });
  }

  watermarkOf(gateway: string): number | null {
    return this.#watermarks.get(gateway) ?? null;
  }

  /** Whether something of the system itself fails; `source`: that of its alarm, which has been defined. */
  system(source: string, fails: boolean): void {
    this.#take({ type: 'system', source, fails });
  }

  /** Whether the server has its broker; nothing is known of any gateway while it has not. */
  broker(isThere: boolean): void {
    this.#take({ type: 'broker', source: this.#links.broker ?? '', isThere });
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

  /** Called with up to 200 k readings a second. */
  readings(gateway: string, readings: readonly Reading[], _historical: boolean): void {
    const { ruled, late, lastMs } = sortReadings(readings, this.#sources(), this.#options.clock.nowMs());
    this.#readings += readings.length;
    if (ruled.length > 0) this.#take({ type: 'readings', gateway, readings: ruled });
    if (late.length > 0) this.#take({ type: 'late', gateway, readings: late });
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

  /** Takes over what the site has set; for a command's `afterCommit`, and when the plant changes. */
  defineEquipment(equipment: string): RuleBookChange {
    return this.#plantDesk.defineEquipment(equipment);
  }

  /** Writes and takes over what the site file says; for commands, inside their transaction. */
  importSite(context: CommandContext, model: SiteModel): Promise<void> {
    return this.#plantDesk.importSite(context, model);
  }

  /** Writes and takes over a change of the plant; for commands, inside their transaction. */
  changePlant(context: CommandContext, patch: PlantPatch): Promise<void> {
    return this.#plantDesk.change(context, patch);
  }

  #take(input: EngineInput): void {
    this.#queue.push(input);
    this.#wake?.();
  }

  #tick(): void {
    this.#cancelTick = this.#options.clock.after(1_000, () => {
      if ([this.book, this.tests, this.floods, this.#watch].some(({ isWaiting }) => isWaiting))
        this.#take({ type: 'tick' });
      this.#tick();
    });
  }

  async #work(): Promise<void> {
    const turn = new WorkTurn(this.#options.clock);
    for (;;) {
      await turn.share();
      const command = this.#commands.shift();
      if (command !== undefined) await command();
      else if (!this.#queue.empty) await this.#processBatch();
      else {
        for (const resolve of this.#idle.splice(0)) resolve();
        if (this.#stopping) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = null;
        turn.begin();
      }
    }
  }

  async #execute<T>(run: (context: CommandContext) => Promise<T>): Promise<T> {
    const { result, afterCommit } = await this.#committer.execute(run);
    await this.#plantDesk.settleDefinitions(afterCommit());
    return result;
  }

  async #processBatch(): Promise<void> {
    const batch: EngineInput[] = [];
    while (batch.length < maxBatch) {
      const input = this.#queue.shift();
      if (input === undefined) break;
      if (input.type === 'gateway' || input.type === 'device-online' || input.type === 'device-offline') {
        await this.#settle(batch);
        await this.#plantDesk.link(input);
        return;
      }
      batch.push(input);
    }
    await this.#settle(batch);
  }

  async #settle(batch: readonly EngineInput[]): Promise<void> {
    const sources = this.#sources();
    const isStored =
      passOver(batch, sources) ||
      (await this.#committer.commit((work) => {
        for (const input of batch) evaluateInput(work, input, sources);
      }));
    if (!isStored) return;
    for (const input of batch)
      if (input.type === 'complete') this.#options.onStored?.(input.gateway, input.lane, input.position);
  }

  #sources() {
    return {
      book: this.book,
      plant: this.plant,
      tests: this.tests,
      current: this.#options.current,
      late: this.#late,
      clock: this.#clock,
      watch: this.#watch,
    };
  }
}
