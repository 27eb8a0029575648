import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PointValue, type Reading, silentLogger, systemClock } from '@plantroom/contracts';
import { type ClassPoint, loadCatalog } from '@plantroom/device-profiles';
import { stringify } from 'yaml';
import { loadGatewayConfig } from '../../gateway/src/config/load-config.ts';
import { driverRegistry } from '../../gateway/src/drivers/registry.ts';
import { Lines } from '../../gateway/src/lines.ts';
import type { Outbox } from '../../gateway/src/outbox/outbox.ts';
import { Pipeline } from '../../gateway/src/pipeline/pipeline.ts';
import { pointTable } from '../../gateway/src/pipeline/point-table.ts';
import { linesOf } from '../../gateway/src/reload/diff-plans.ts';
import { equipmentWires } from '../../simulators/src/demo/equipment-wires.ts';
import { type ReadGatewayFile, readGatewayFile } from '../../simulators/src/demo/gateway-file.ts';
import { buildWires, type Wires } from '../../simulators/src/demo/wires.ts';
import { FaultBoard, type FaultRequest } from '../../simulators/src/faults/fault-board.ts';
import { FaultyWire } from '../../simulators/src/faults/faulty-wire.ts';

export interface BedDevice {
  id: string;
  profile: string;
  /** Left out: Modbus TCP. */
  transport?: 'tcp' | 'rtu-over-tcp' | 'mqtt';
  /** Left out: a connection of its own, named as the device. */
  connection?: string;
  unitId?: number;
  role: string;
  parameters?: Record<string, string>;
}

const poll = { fast: '1s', normal: '1s', slow: '1s' };

/** Simulated devices on real sockets, each fault to be switched on, and the drivers and the pipeline of a real gateway that reads them. */
export class FaultBed {
  readonly #devices: readonly BedDevice[];
  readonly #brokerUrl: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'plantroom-wire-'));
  readonly #readings = new Map<string, Reading[]>();
  readonly #classOf = new Map<string, ReadonlyMap<string, ClassPoint>>();
  readonly #openedMs = systemClock.nowMs();
  #file!: ReadGatewayFile;
  #wires!: Wires;
  #lines!: Lines;
  #pipeline!: Pipeline;
  #faults!: FaultBoard;

  /** The devices have their own id as that of the equipment. */
  constructor(devices: readonly BedDevice[], brokerUrl = 'mqtt://127.0.0.1:1') {
    this.#devices = devices;
    this.#brokerUrl = brokerUrl;
  }

  async startDevices(): Promise<void> {
    const path = join(this.#folder, 'gateway.yaml');
    writeFileSync(path, stringify(gatewayFile(this.#devices, this.#brokerUrl)));
    const { catalog } = loadCatalog({ profiles: new Set(this.#devices.map(({ profile }) => profile)) });
    this.#file = await readGatewayFile(path, { environment: {}, loadCatalog: () => catalog });
    if (this.#file.problems.length > 0) throw new Error(this.#file.problems.join('\n'));
    const classes = new Map<string, string>();
    for (const { id, profile, role } of this.#devices) {
      const of = catalog.profiles.get(profile)?.serves[role]?.class ?? '';
      classes.set(id, of);
      this.#classOf.set(id, new Map(Object.entries(catalog.classes.get(of)?.points ?? {})));
    }
    this.#faults = new FaultBoard(classes, undefined, { wires: equipmentWires(this.#file) });
    const wire = new FaultyWire(this.#faults, systemClock);
    this.#wires = buildWires({
      file: this.#file,
      catalog,
      source: {
        wire,
        get revision() {
          return systemClock.monotonicMs();
        },
        saidReader: (equipment, point, about) => () =>
          wire.said(this.truth(equipment, point), { equipment, point }, about),
        stateOf: () => () => undefined,
        setValue: () => false,
        wireFault: (equipment) => wire.wireFault(equipment),
        get building(): never {
          throw new Error('none of these devices says more than its points');
        },
      },
      clock: systemClock,
      logger: silentLogger,
    });
    await this.#wires.start();
  }

  async startGateway(): Promise<void> {
    const ports = this.#wires.ports();
    const environment = Object.fromEntries(Object.entries(ports).map(([id, port]) => [portName(id), String(port)]));
    const plan = loadGatewayConfig({ file: join(this.#folder, 'gateway.yaml'), environment });
    if (plan.problems.length > 0) throw new Error(JSON.stringify(plan.problems));
    const table = pointTable(plan.config.site, plan.devices, plan.derived);
    this.#pipeline = new Pipeline({ table, outbox: this.#outbox(), clock: systemClock, logger: silentLogger });
    this.#pipeline.start();
    this.#lines = new Lines({ drivers: driverRegistry, clock: systemClock, logger: silentLogger });
    await this.#lines.open(this.#lines.prepare(linesOf(plan)), this.#pipeline);
  }

  async stop(): Promise<void> {
    await this.#lines?.stop();
    this.#pipeline?.stop();
    await this.#wires?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  fault(request: FaultRequest): string {
    return this.#faults.set(request, systemClock.nowMs()).id;
  }

  clear(id: string): void {
    this.#faults.clear(id);
  }

  /** Ids of the faults that are on. */
  active(equipment: string): string[] {
    return this.#faults.active.filter((one) => one.equipment === equipment).map(({ id }) => id);
  }

  /** What the equipment truly holds: counters rise by one a second, what a sensor measures goes to and fro by 0.5, everything else stands, and no two equipment hold the same. */
  truth(equipment: string, point: string): PointValue {
    const about = this.#classOf.get(equipment)?.get(point);
    if (about === undefined) return 0;
    if (about.kind === 'boolean') return false;
    if (about.kind === 'enum') return this.#stateOf(equipment, point, Object.keys(about.states ?? { '0': null }));
    if (about.kind === 'string') return equipment;
    if (about.kind === 'counter') return 1000 + Math.floor((systemClock.nowMs() - this.#openedMs) / 1000);
    const [low, high] = about.range ?? [0, 100];
    const index = this.#devices.findIndex(({ id }) => id === equipment);
    const place = 0.3 + 0.005 * index + 0.001 * (point.length % 10);
    // Sensors speak when something changes.
    const wave = this.#devices[index]?.transport === 'mqtt' ? 0.5 * (Math.floor(systemClock.nowMs() / 1000) % 2) : 0;
    return low + (high - low) * place + wave;
  }

  #profileOf(equipment: string) {
    const id = this.#devices.find((device) => device.id === equipment)?.profile ?? '';
    return this.#file.catalog.profiles.get(id);
  }

  /** A state that the profile has a code for. */
  #stateOf(equipment: string, name: string, states: readonly string[]): number {
    const point = this.#profileOf(equipment)?.points.find((one) => one.point === name);
    return Number(Object.values(point?.map ?? {})[0] ?? states[0]);
  }

  state(device: string): string {
    return this.#pipeline.deviceState(this.#devices.findIndex(({ id }) => id === device));
  }

  readings(equipment: string, point: string): readonly Reading[] {
    return this.#readings.get(`bed/${equipment}/${point}`) ?? [];
  }

  last(equipment: string, point: string): Reading | undefined {
    return this.readings(equipment, point).at(-1);
  }

  /** Every good reading of an equipment that is not what it holds; counters and rounding to a register apart. */
  untrue(equipment: string): Reading[] {
    const said = this.#profileOf(equipment);
    return [...this.#classOf.get(equipment)!].flatMap(([point, { kind }]) => {
      // What the gateway derives follows from what the device says.
      if (kind === 'counter' || said?.points.some((one) => one.point === point) !== true) return [];
      const truth = this.truth(equipment, point);
      const wide = this.#devices.find(({ id }) => id === equipment)?.transport === 'mqtt' ? 0.5 : 0;
      return this.readings(equipment, point).filter(
        ({ value, quality }) => quality === 'good' && !isNear(value, truth, wide),
      );
    });
  }

  counters() {
    return this.#pipeline.stats().counters;
  }

  /** Messages that a connection's publisher has sent. */
  published(connection: string): unknown {
    return (this.#wires.stats()[connection] as { published?: number }).published;
  }

  line(connection: string) {
    return this.#lines.stats()[connection]!;
  }

  #outbox(): Outbox {
    const keep = (readings: readonly Reading[]): void => {
      for (const reading of readings) {
        const list = this.#readings.get(reading.point) ?? [];
        this.#readings.set(reading.point, list);
        list.push(reading);
      }
    };
    const never = (): never => {
      throw new Error('nobody sends here');
    };
    return {
      append(_lane, readings) {
        keep(readings);
        return 0;
      },
      peek: never,
      read: never,
      commit: never,
      position: never,
      committed: never,
      lost: never,
      holes: () => [],
      revision: 0,
      stats: never,
      onAppend: never,
      close: () => undefined,
    };
  }
}

const portName = (connection: string): string => `PORT_${connection.replaceAll('-', '_')}`;

function gatewayFile(devices: readonly BedDevice[], brokerUrl: string): unknown {
  const connections = new Map<string, unknown>();
  for (const { id, connection = id, transport = 'tcp' } of devices) {
    if (connections.has(connection)) continue;
    connections.set(
      connection,
      transport === 'mqtt'
        ? { id: connection, protocol: 'mqtt', url: brokerUrl }
        : {
            id: connection,
            protocol: 'modbus',
            transport,
            host: '127.0.0.1',
            port: `\${${portName(connection)}:-0}`,
          },
    );
  }
  return {
    gateway: 'edge',
    site: 'bed',
    connections: [...connections.values()],
    devices: devices.map(({ id, profile, connection = id, transport, unitId = 1, role, parameters }) => ({
      id,
      profile,
      connection,
      ...(transport === 'mqtt' ? {} : { unitId, poll }),
      ...(parameters === undefined ? {} : { parameters }),
      serves: { [role]: id },
    })),
    uplinks: {},
    outbox: { file: 'none.sqlite' },
  };
}

function isNear(value: PointValue, truth: PointValue, wide: number): boolean {
  if (typeof value !== 'number' || typeof truth !== 'number') return value === truth;
  return Math.abs(value - truth) <= wide + Math.max(0.06, Math.abs(truth) * 1e-3);
}
