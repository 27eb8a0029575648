import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatProblem, type Logger } from '@plantroom/contracts';
import { type Catalog, loadCatalog } from '@plantroom/device-profiles';
import { loadGatewayConfig } from '../../../gateway/src/config/load-config.ts';
import { driverRegistry } from '../../../gateway/src/drivers/registry.ts';
import { Gateway } from '../../../gateway/src/gateway.ts';
import { openMemoryOutbox } from '../../../gateway/src/outbox/memory-outbox.ts';
import { startBroker } from '../../../server/src/broker/start-broker.ts';
import { type Database, openDatabase } from '../../../server/src/repositories/database.ts';
import { readSiteFile } from '../../../server/src/site/read-site-file.ts';
import type { FaultBoard } from '../../../simulators/src/faults/fault-board.ts';
import { gatewayFile, siteFile } from '../file/demo-plant.ts';
import { type DutyReceiver, startDutyReceiver } from './duty-receiver.ts';
import { FillableStore } from './fillable-store.ts';
import type { LineTime } from './line-time.ts';
import type { Past } from './live-past.ts';
import { type ServerCore, startServerCore } from './server-core.ts';
import { type SimulatedBuilding, startBuilding } from './simulated-building.ts';

export interface ScenarioLineOptions {
  time: LineTime;
  seed: number;
  /** Of the building; left out: it begins with the line. */
  past?: Past | undefined;
  brokerPort: number;
  /** The port at which the gateway's uplink finds the broker; the same one, or a line of its own that can be cut. */
  uplinkPort: number;
  /** Where the duty desk is told of alarms; 0: any. */
  dutyPort: number;
  /** Ports of the simulated devices, as the gateway file names their variables. */
  ports: Readonly<Record<string, string>>;
  /** Definition ids, or rules as `demoPlant` names them: never raised. */
  isDisabled?: ((id: string) => boolean) | undefined;
  logger: Logger;
}

/** The building with its devices, the gateway, the broker and the core of the server in this process, on a time of their own. */
export interface ScenarioLine {
  building: SimulatedBuilding;
  faults: FaultBoard;
  database: Database;
  duty: DutyReceiver;
  /** Undefined while it is down. */
  server(): ServerCore | undefined;
  /** Port of a connection of the gateway file; undefined for MQTT. */
  portOf(connection: string): number | undefined;
  /** The disk under the outbox takes nothing, or takes it again. */
  fillDisk(isFull: boolean): void;
  stopGateway(): Promise<void>;
  startGateway(): Promise<void>;
  stopServer(): Promise<void>;
  startServer(): Promise<void>;
  stop(): Promise<void>;
}

export async function openScenarioLine(options: ScenarioLineOptions): Promise<ScenarioLine> {
  const { time, logger, brokerPort } = options;
  const { clock } = time;
  const folder = mkdtempSync(join(tmpdir(), 'plantroom-scenario-'));
  const environment = { ...options.ports, PLANTROOM_MQTT_URL: `mqtt://127.0.0.1:${brokerPort}` };
  const stops: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).reverse()) await time.until(Promise.resolve(end()));
  };
  try {
    // Starting reads files, which takes no virtual time: a scenario would begin now at this and now at that instant.
    const broker = await startBroker({ host: '127.0.0.1', port: brokerPort, logger });
    stops.push(() => broker.stop());
    const catalog: Catalog = loadCatalog().catalog;
    const site = readSiteFile(siteFile, new Set(catalog.classes.keys()));
    const building = await startBuilding({
      seed: options.seed,
      past: options.past,
      site,
      gatewayFile,
      environment,
      catalog,
      clock,
      logger,
    });
    stops.push(() => building.stop());
    const database = await openDatabase(':memory:');
    stops.push(() => database.close());
    const duty = await startDutyReceiver({ port: options.dutyPort, nowMs: () => clock.nowMs() });
    stops.push(() => duty.stop());

    let server: ServerCore | undefined;
    const stopServer = async (): Promise<void> => {
      const running = server;
      server = undefined;
      if (running !== undefined) await time.until(running.stop());
    };
    const startServer = async (): Promise<void> => {
      const url = environment.PLANTROOM_MQTT_URL;
      const { isDisabled } = options;
      server = await startServerCore({ database, catalog, site, url, dutyUrl: duty.url, isDisabled, clock, logger });
    };
    time.waitWhile(() => server?.notifications.notifier.sender.isBusy === true);
    await startServer();
    stops.push(stopServer);

    const loaded = loadGatewayConfig({ file: gatewayFile, environment });
    if (loaded.problems.length > 0) throw new Error(loaded.problems.map(formatProblem).join('\n'));
    // History is no matter of alarms, and HTTP is not among the sockets that stay in this process.
    const { lineProtocol: _, sparkplug, ...others } = loaded.config.uplinks;
    if (sparkplug === undefined) throw new Error(`${gatewayFile} has no Sparkplug uplink`);
    const url = `mqtt://127.0.0.1:${options.uplinkPort}`;
    const config = { ...loaded.config, uplinks: { ...others, sparkplug: { ...sparkplug, url } } };
    const store = new FillableStore();
    let gateway: Gateway | undefined;
    const stopGateway = async (): Promise<void> => {
      const running = gateway;
      gateway = undefined;
      if (running !== undefined) await time.until(running.stop());
    };
    const startGateway = async (): Promise<void> => {
      gateway = new Gateway({
        ...loaded,
        config,
        drivers: driverRegistry,
        dataDir: folder,
        clock,
        logger,
        // On a disk every append waits for it, on a clock that stands still meanwhile. What it holds outlives the gateway all the same.
        openOutbox: (outbox) => openMemoryOutbox(outbox, store),
      });
      await gateway.start();
    };
    await startGateway();
    stops.push(stopGateway);
    return {
      building,
      faults: building.faults,
      database,
      duty,
      server: () => server,
      portOf: (id) => {
        const connection = config.connections.find((one) => one.id === id);
        return connection !== undefined && 'port' in connection ? connection.port : undefined;
      },
      fillDisk: (isFull) => store.fill(isFull),
      stopGateway,
      startGateway,
      stopServer,
      startServer,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
