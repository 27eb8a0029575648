import { join } from 'node:path';
import { type Clock, errorMessage, formatProblem, type LocalText, type Logger } from '@plantroom/contracts';
import { type Catalog, loadCatalog } from '@plantroom/device-profiles';
import type { FastifyInstance } from 'fastify';
import { type BuildingDescription, describeBuilding } from '../control/building-description.ts';
import { controlApp } from '../control/control-app.ts';
import type { SimulatorEnvironment } from '../environment.ts';
import { FaultBoard, levelOf } from '../faults/fault-board.ts';
import { newBuilding } from '../model/building.ts';
import { BuildingRunner } from '../model/building-runner.ts';
import { demoBuilding } from '../model/building-spec.ts';
import { BuildingTime } from '../model/building-time.ts';
import { Pacer } from '../model/pacer.ts';
import { partsOf } from '../model/parts.ts';
import { pointReaders } from '../model/points/building-points.ts';
import { readSnapshot, writeSnapshot } from '../model/snapshot.ts';
import { listenError } from '../wire/listen.ts';
import { BuildingSource } from './building-source.ts';
import { equipmentWires } from './equipment-wires.ts';
import { readGatewayFile } from './gateway-file.ts';
import { readSite } from './read-site.ts';
import { buildWires, fireZonesOf, type Wires } from './wires.ts';

export interface DemoOptions {
  environment: SimulatorEnvironment;
  clock: Clock;
  logger: Logger;
  /** All buildings of this process, for the page; left out: this is the only one. */
  buildings?(): BuildingDescription['buildings'];
}

const saveEveryMs = 5000;

/** The demo building: model, wires, faults, control and the state on disk. The composition root of `node src/main.ts`. */
export class Demo {
  readonly #options: DemoOptions;
  #runner: BuildingRunner | undefined;
  #pacer: Pacer | undefined;
  #time: BuildingTime | undefined;
  #faults: FaultBoard | undefined;
  #wires: Wires | undefined;
  #app: FastifyInstance | undefined;
  #name: LocalText = { zh: '', en: '' };
  #cancelSave: () => void = () => undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(options: DemoOptions) {
    this.#options = options;
  }

  /** All listeners are up when it returns; the broker may still be away. */
  async start(): Promise<void> {
    const { environment, clock, logger } = this.#options;
    const site = readSite(environment.siteFile);
    this.#name = site.name;
    const classes = new Map(site.equipment.map((equipment) => [equipment.id, equipment.class]));
    const file = await readGatewayFile(environment.gatewayFile, {
      environment: environment.all,
      loadCatalog: (profiles) => readCatalog(profiles, logger),
    });
    for (const problem of file.problems) logger.error({ problem }, 'device left out');
    const spec = demoBuilding(fireZonesOf(file));
    const beginMs = environment.beginMs ?? clock.nowMs();
    const like = {
      building: newBuilding(spec, environment.seed, beginMs),
      faults: { next: 1, active: [] },
      time: { offsetMs: beginMs - clock.nowMs() },
    };
    const saved = await readSnapshot(this.#file, { like, nowMs: clock.nowMs(), logger });
    const time = new BuildingTime(clock, (saved ?? like).time.offsetMs);
    this.#time = time;
    const wires = equipmentWires(file);
    this.#faults = new FaultBoard(classes, saved?.faults ?? like.faults, { wires, parts: partsOf(spec) });
    this.#runner = new BuildingRunner({
      spec,
      building: saved?.building ?? like.building,
      faults: this.#faults,
      clock: time,
    });
    this.#pacer = new Pacer({ runner: this.#runner, time, clock });
    this.#runner.step();
    const source = new BuildingSource({
      runner: this.#runner,
      readers: pointReaders(spec),
      faults: this.#faults,
      clock: time,
    });
    this.#wires = buildWires({ file, catalog: file.catalog, source, clock, logger });
    await this.#wires.start();
    await this.#listen(source, describeBuilding({ site, classes: file.catalog.classes, wires }));
    this.#pacer.start();
    this.#saveLater();
    logger.info({ control: this.controlPort, ports: this.#wires.ports() }, 'the demo building is up');
  }

  /** Stops in reverse and saves; what fails does not keep the rest from stopping. */
  async stop(): Promise<void> {
    this.#cancelSave();
    this.#pacer?.stop();
    const results = await Promise.allSettled([this.#app?.close(), this.#wires?.stop(), this.#save()]);
    for (const result of results)
      if (result.status === 'rejected')
        this.#options.logger.error({ error: errorMessage(result.reason) }, 'not stopped cleanly');
  }

  /** Throws RATE_INVALID. */
  setRate(rate: number): void {
    this.#pacer?.setRate(rate);
  }

  /** Of the site; empty before start. */
  get name(): LocalText {
    return this.#name;
  }

  get controlPort(): number {
    const address = this.#app?.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Connection id → port it listens on. */
  ports(): Record<string, number> {
    return this.#wires?.ports() ?? {};
  }

  get #file(): string {
    return join(this.#options.environment.dataDir, 'simulated-building.json');
  }

  async #listen(source: BuildingSource, description: Omit<BuildingDescription, 'buildings'>): Promise<void> {
    const faults = this.#faults;
    const pacer = this.#pacer;
    const time = this.#time;
    const { environment, buildings } = this.#options;
    if (faults === undefined || pacer === undefined || time === undefined) return;
    const app = controlApp({
      faults: () => faults.active.map((active) => ({ ...active, level: levelOf(active, time.nowMs()) })),
      setFault: (request) => faults.set(request, time.nowMs()),
      clearFault: (id) => faults.clear(id),
      state: () => source.everything(),
      building: () => ({ ...description, buildings: buildings?.() ?? [] }),
      time: () => ({ nowMs: time.nowMs(), offsetMs: time.offsetMs, ...pacer.pace() }),
      setRate: (rate) => pacer.setRate(rate),
      health: () => {
        const pace = pacer.pace();
        const status = pace.behind ? 'degraded' : 'ok';
        return { status, modelTimeMs: this.#runner?.building.timeMs, pace, wires: this.#wires?.stats() };
      },
    });
    this.#app = app;
    const at = { host: '127.0.0.1', port: environment.controlPort };
    await app.listen(at).catch((error: unknown) => {
      throw listenError(error, { ...at, portVariable: 'PLANTROOM_SIM_PORT' });
    });
  }

  #saveLater(): void {
    this.#cancelSave = this.#options.clock.after(saveEveryMs, () => {
      this.#save().catch((error: unknown) =>
        this.#options.logger.error({ error: errorMessage(error) }, 'the state of the building could not be saved'),
      );
      this.#saveLater();
    });
  }

  /** One after the other: two writers of the same temporary file would spoil it. */
  #save(): Promise<void> {
    const runner = this.#runner;
    const faults = this.#faults;
    const time = this.#time;
    if (runner === undefined || faults === undefined || time === undefined) return Promise.resolve();
    this.#saving = this.#saving
      .catch(() => undefined)
      .then(() =>
        writeSnapshot(this.#file, {
          building: runner.building,
          faults: faults.state(),
          time: { offsetMs: time.offsetMs },
        }),
      );
    return this.#saving;
  }
}

function readCatalog(profiles: ReadonlySet<string>, logger: Logger): Catalog {
  const { catalog, problems } = loadCatalog({ profiles });
  for (const problem of problems) logger.warn({ problem: formatProblem(problem) }, 'left out of the catalogue');
  return catalog;
}
