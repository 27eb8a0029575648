import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatProblem, type Logger, VirtualClock } from '@plantroom/contracts';
import { loadCatalog } from '@plantroom/device-profiles';
import { loadGatewayConfig } from '../../gateway/src/config/load-config.ts';
import { driverRegistry } from '../../gateway/src/drivers/registry.ts';
import { Gateway } from '../../gateway/src/gateway.ts';
import { openMemoryOutbox } from '../../gateway/src/outbox/memory-outbox.ts';
import { MemoryStore } from '../../gateway/src/outbox/memory-store.ts';
import type { Outbox } from '../../gateway/src/outbox/outbox.ts';
import type { OutboxOptions } from '../../gateway/src/outbox/outbox-options.ts';
import { startBroker } from '../../server/src/broker/start-broker.ts';
import { CurrentValues } from '../../server/src/current/current-values.ts';
import { Engine } from '../../server/src/engine/engine.ts';
import { sitePatch } from '../../server/src/engine/registration.ts';
import { createSparkplugHost } from '../../server/src/ingest/sparkplug-host.ts';
import { type Database, openDatabase } from '../../server/src/repositories/database.ts';
import { readSiteFile } from '../../server/src/site/read-site-file.ts';
import { BuildingSource } from '../../simulators/src/demo/building-source.ts';
import { equipmentWires } from '../../simulators/src/demo/equipment-wires.ts';
import { readGatewayFile } from '../../simulators/src/demo/gateway-file.ts';
import { buildWires, fireZonesOf } from '../../simulators/src/demo/wires.ts';
import { FaultBoard } from '../../simulators/src/faults/fault-board.ts';
import { newBuilding } from '../../simulators/src/model/building.ts';
import { BuildingRunner } from '../../simulators/src/model/building-runner.ts';
import { demoBuilding } from '../../simulators/src/model/building-spec.ts';
import { pointReaders } from '../../simulators/src/model/points/building-points.ts';
import type { VirtualNet } from './virtual-net.ts';
import { VirtualTime } from './virtual-time.ts';

const brokerPort = 1883;
const environment = { PLANTROOM_MQTT_URL: `mqtt://127.0.0.1:${brokerPort}` };

export interface VirtualLineOptions {
  net: VirtualNet;
  /** UTC ms at which it begins. */
  startMs: number;
  seed: number;
  siteFile: string;
  gatewayFile: string;
  logger: Logger;
}

/** The building with its devices, the gateway, the broker and the core of the server in this process, on a clock of their own. */
export interface VirtualLine {
  time: VirtualTime;
  faults: FaultBoard;
  engine: Engine;
  database: Database;
  current: CurrentValues;
  stop(): Promise<void>;
}

export async function openVirtualLine(options: VirtualLineOptions): Promise<VirtualLine> {
  const { net, siteFile, gatewayFile, logger, seed } = options;
  const clock = new VirtualClock(options.startMs);
  const time = new VirtualTime(clock, net);
  const outboxStore = new MemoryStore();
  const folder = mkdtempSync(join(tmpdir(), 'plantroom-scenario-'));
  const stops: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).reverse()) await time.until(Promise.resolve(end()));
  };
  try {
    const broker = await time.until(startBroker({ host: '127.0.0.1', port: brokerPort, logger }));
    stops.push(() => broker.stop());

    const { catalog } = loadCatalog();
    const model = readSiteFile(siteFile, new Set(catalog.classes.keys()));
    const file = await readGatewayFile(gatewayFile, { environment, loadCatalog: () => catalog });
    const classes = new Map(model.equipment.map((equipment) => [equipment.id, equipment.class]));
    const faults = new FaultBoard(classes, undefined, equipmentWires(file));
    if (file.problems.length > 0) throw new Error(file.problems.join('\n'));
    const spec = demoBuilding(fireZonesOf(file));
    const runner = new BuildingRunner({ spec, building: newBuilding(spec, seed, clock.nowMs()), faults, clock });
    const source = new BuildingSource({ runner, readers: pointReaders(spec), faults, clock });
    const wires = buildWires({ file, catalog, source, clock, logger });
    runner.step();
    await time.until(wires.start());
    runner.start();
    stops.push(() => wires.stop());
    stops.push(() => runner.stop());

    const database = await openDatabase(':memory:');
    stops.push(() => database.close());
    const current = new CurrentValues();
    const engine = new Engine({
      database,
      catalog,
      current,
      clock,
      logger,
      onStored: (gateway, lane, position) => host.stored(gateway, lane, position),
    });
    await engine.start();
    stops.push(() => engine.stop());
    await engine.command((context) => engine.changePlant(context, sitePatch(engine.plant, model)));
    const host = createSparkplugHost({
      url: environment.PLANTROOM_MQTT_URL,
      hostId: 'plantroom',
      clock,
      logger,
      sink: engine,
      knownGateways: [],
    });
    await time.until(host.start());
    stops.push(() => host.stop());

    const loaded = loadGatewayConfig({ file: gatewayFile, environment });
    if (loaded.problems.length > 0) throw new Error(loaded.problems.map(formatProblem).join('\n'));
    // History is no matter of alarms, and HTTP is not among the sockets that stay in this process.
    const { lineProtocol: _, ...uplinks } = loaded.config.uplinks;
    const config = { ...loaded.config, uplinks };
    // On a disk every append waits for it, on a clock that stands still meanwhile.
    const openOutbox = (options: OutboxOptions): Outbox => openMemoryOutbox(options, outboxStore);
    const gateway = new Gateway({
      ...loaded,
      config,
      drivers: driverRegistry,
      dataDir: folder,
      clock,
      logger,
      openOutbox,
    });
    await time.until(gateway.start());
    stops.push(() => gateway.stop());
    return { time, faults, engine, database, current, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
