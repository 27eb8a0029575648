import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, errorMessage, formatProblem, type Logger, PlantroomError, SiteModel } from '@plantroom/contracts';
import { type Catalog, loadCatalog } from '@plantroom/device-profiles';
import type { FastifyInstance } from 'fastify';
import { Check, Errors } from 'typebox/value';
import { parse } from 'yaml';
import { controlApp } from '../control/control-app.ts';
import type { SimulatorEnvironment } from '../environment.ts';
import { FaultBoard } from '../faults/fault-board.ts';
import { newBuilding } from '../model/building.ts';
import { BuildingRunner } from '../model/building-runner.ts';
import { demoBuilding } from '../model/building-spec.ts';
import { pointReaders } from '../model/points/building-points.ts';
import { readSnapshot, writeSnapshot } from '../model/snapshot.ts';
import { listenError } from '../wire/listen.ts';
import { BuildingSource } from './building-source.ts';
import { equipmentWires } from './equipment-wires.ts';
import { readGatewayFile } from './gateway-file.ts';
import { buildWires, fireZonesOf, type Wires } from './wires.ts';

export interface DemoOptions {
  environment: SimulatorEnvironment;
  clock: Clock;
  logger: Logger;
}

const saveEveryMs = 5000;

/** The demo building: model, wires, faults, control and the state on disk. The composition root of `node src/main.ts`. */
export class Demo {
  readonly #options: DemoOptions;
  #runner: BuildingRunner | undefined;
  #faults: FaultBoard | undefined;
  #wires: Wires | undefined;
  #app: FastifyInstance | undefined;
  #cancelSave: () => void = () => undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(options: DemoOptions) {
    this.#options = options;
  }

  /** All listeners are up when it returns; the broker may still be away. */
  async start(): Promise<void> {
    const { environment, clock, logger } = this.#options;
    const classes = await readSite(environment.siteFile);
    const file = await readGatewayFile(environment.gatewayFile, {
      environment: environment.all,
      loadCatalog: (profiles) => readCatalog(profiles, logger),
    });
    for (const problem of file.problems) logger.error({ problem }, 'device left out');
    const spec = demoBuilding(fireZonesOf(file));
    const like = {
      building: newBuilding(spec, environment.seed, clock.nowMs()),
      faults: { next: 1, active: [] },
    };
    const saved = await readSnapshot(this.#file, { like, nowMs: clock.nowMs(), logger });
    this.#faults = new FaultBoard(classes, saved?.faults ?? like.faults, equipmentWires(file));
    this.#runner = new BuildingRunner({
      spec,
      building: saved?.building ?? like.building,
      faults: this.#faults,
      clock,
    });
    this.#runner.step();
    const source = new BuildingSource({
      runner: this.#runner,
      readers: pointReaders(spec),
      faults: this.#faults,
      clock,
    });
    this.#wires = buildWires({ file, catalog: file.catalog, source, clock, logger });
    await this.#wires.start();
    await this.#listen(source);
    this.#runner.start();
    this.#saveLater();
    logger.info({ control: this.controlPort, ports: this.#wires.ports() }, 'the demo building is up');
  }

  /** Stops in reverse and saves; what fails does not keep the rest from stopping. */
  async stop(): Promise<void> {
    this.#cancelSave();
    this.#runner?.stop();
    const results = await Promise.allSettled([this.#app?.close(), this.#wires?.stop(), this.#save()]);
    for (const result of results)
      if (result.status === 'rejected')
        this.#options.logger.error({ error: errorMessage(result.reason) }, 'not stopped cleanly');
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

  async #listen(source: BuildingSource): Promise<void> {
    const faults = this.#faults;
    const { clock, environment } = this.#options;
    if (faults === undefined) return;
    const app = controlApp({
      faults: () => faults.active.map((active) => ({ ...active, level: faults.level(active, clock.nowMs()) })),
      setFault: (request) => faults.set(request, clock.nowMs()),
      clearFault: (id) => faults.clear(id),
      state: () => source.everything(),
      health: () => ({ status: 'ok', modelTimeMs: this.#runner?.building.timeMs, wires: this.#wires?.stats() }),
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
    if (runner === undefined || faults === undefined) return Promise.resolve();
    this.#saving = this.#saving
      .catch(() => undefined)
      .then(() => writeSnapshot(this.#file, { building: runner.building, faults: faults.state() }));
    return this.#saving;
  }
}

function readCatalog(profiles: ReadonlySet<string>, logger: Logger): Catalog {
  const { catalog, problems } = loadCatalog({ profiles });
  for (const problem of problems) logger.warn({ problem: formatProblem(problem) }, 'left out of the catalogue');
  return catalog;
}

/** Equipment id → class. */
async function readSite(file: string): Promise<Map<string, string>> {
  const data: unknown = parse(await readFile(file, 'utf8'));
  if (!Check(SiteModel, data)) {
    const [fault] = Errors(SiteModel, data);
    throw new PlantroomError('DEMO_INVALID', `${file} ${fault?.instancePath ?? '/'}: ${fault?.message ?? 'invalid'}`);
  }
  return new Map(data.equipment.map((equipment) => [equipment.id, equipment.class]));
}
