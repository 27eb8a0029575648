import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type CommandOutcome, nodeMetrics, silentLogger, systemClock, VirtualClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { expect } from 'vitest';
import { type LoadedGateway, loadGatewayConfig } from '../../config/load-config.ts';
import { driverRegistry } from '../../drivers/registry.ts';
import { LoopbackFence } from '../../drivers/test-helpers/loopback-fence.ts';
import { turns } from '../../drivers/test-helpers/scripted-server.ts';
import { WritableDevice } from '../../drivers/test-helpers/writable-device.ts';
import { Gateway } from '../../gateway.ts';
import { startBroker, type TestBroker } from '../../test-helpers/broker.ts';
import { type CommandMetric, TestHost } from '../../test-helpers/sparkplug-host.ts';

const stepsAtOnce = 100;
/** Turns of the event loop cost microseconds, and time that ran ahead of the wire would reach time-outs that no wire has earned. */
const stepsToFence = 5;

export interface DeviceCommandOptions {
  /** Left out: the bed's clock now; null: the payload carries none. */
  sentMs?: number | null;
  retain?: boolean;
}

/** A whole gateway between a real broker with a bare host and a Modbus device on a real socket that notes every request. Time moves only in `until`. */
export class CommandBed {
  readonly folder = mkdtempSync(join(tmpdir(), 'plantroom-commands-'));
  readonly clock = new VirtualClock(systemClock.nowMs());
  readonly device = new WritableDevice();
  readonly broker: TestBroker;
  readonly host: TestHost;
  readonly #fence: LoopbackFence;
  #gateway: Gateway | undefined;

  private constructor(broker: TestBroker, host: TestHost, fence: LoopbackFence) {
    this.broker = broker;
    this.host = host;
    this.#fence = fence;
  }

  static async open(): Promise<CommandBed> {
    const broker = await startBroker();
    const bed = new CommandBed(broker, await TestHost.connect(broker.url), await LoopbackFence.open());
    await bed.device.start();
    await bed.host.state(true, 1000);
    return bed;
  }

  async close(): Promise<void> {
    await this.stopGateway();
    await this.host.close();
    await this.broker.close();
    await this.device.stop();
    await this.#fence.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  file(name: string, text: string): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /** `own/<name>` in the folder `own`, which a gateway file may name under `catalogs`. */
  profile(name: string, text: string): void {
    this.file(`own/profiles/own/${name}.yaml`, text);
  }

  removeProfile(name: string): void {
    rmSync(join(this.folder, `own/profiles/own/${name}.yaml`));
  }

  ownClass(name: string, text: string): void {
    this.file(`own/classes/${name}.yaml`, text);
  }

  removeClass(name: string): void {
    rmSync(join(this.folder, `own/classes/${name}.yaml`));
  }

  /** A gateway file with these devices on the connection `line`, which leads to the device, and on `mqtt`, the broker. */
  load(devices: string, more = ''): LoadedGateway {
    const file = this.file(
      'gateway.yaml',
      `gateway: edge
site: hq
${more}
connections:
  - { id: line, protocol: modbus, transport: tcp, host: 127.0.0.1, port: ${this.device.port} }
  - { id: mqtt, protocol: mqtt, url: "${this.broker.url}" }
devices:
${devices}
uplinks: { sparkplug: { url: "${this.broker.url}" } }
outbox: { file: outbox.sqlite }
`,
    );
    return loadGatewayConfig({ file, environment: {} });
  }

  async startGateway(loaded: LoadedGateway): Promise<void> {
    const { config, devices, derived, writableClasses } = loaded;
    const gateway = new Gateway({
      config,
      devices,
      derived,
      writableClasses,
      drivers: driverRegistry,
      dataDir: this.folder,
      clock: this.clock,
      logger: silentLogger,
    });
    this.#gateway = gateway;
    await gateway.start();
  }

  async stopGateway(): Promise<void> {
    const stopping = this.#gateway?.stop();
    this.#gateway = undefined;
    await stopping;
  }

  stats(): ReturnType<Gateway['stats']> {
    return this.#gateway?.stats();
  }

  /** Time moves in small steps, after each of which broker and sockets, all of this process, have their turns. */
  async until(condition: () => boolean, what: string): Promise<void> {
    await eventually(
      async () => {
        for (let step = 0; step < stepsAtOnce && !condition(); step++) {
          this.clock.advance(20);
          await turns(3);
          if (step % stepsToFence === 0) await this.#fence.pass();
        }
        expect(condition()).toBe(true);
      },
      { what, everyMs: 5 },
    );
  }

  /** Time stands still. */
  async soon(condition: () => boolean, what: string): Promise<void> {
    await eventually(
      async () => {
        for (let turn = 0; turn < stepsAtOnce && !condition(); turn++) await turns(3);
        expect(condition()).toBe(true);
      },
      { what, everyMs: 5 },
    );
  }

  /** Waits until these devices are born since `from`, the number of messages heard before. */
  async born(devices: readonly string[], from = 0): Promise<void> {
    await this.until(
      () => devices.every((id) => this.host.messages.slice(from).some((m) => m.type === 'DBIRTH' && m.device === id)),
      `births of ${devices.join(', ')}`,
    );
  }

  /** Alias of a metric, as the newest birth says. */
  alias(device: string, metric: string): number {
    const birth = this.host.messages.findLast((m) => m.type === 'DBIRTH' && m.device === device);
    const alias = birth?.metrics.find(({ name }) => name === metric)?.alias;
    if (alias === undefined) throw new Error(`"${metric}" of ${device} was not born`);
    return alias;
  }

  command(
    device: string,
    metric: CommandMetric,
    { sentMs = this.clock.nowMs(), retain = false }: DeviceCommandOptions = {},
  ): Promise<void> {
    return this.host.deviceCommand({ group: 'hq', node: 'edge', device }, [metric], { sentMs, retain });
  }

  /** What was told of commands, in order; of one id, or left out: of all. Births tell the last again. */
  outcomes(id?: string): CommandOutcome[] {
    return this.host
      .of('NDATA')
      .flatMap(({ metrics }) => metrics)
      .filter(({ name }) => name === nodeMetrics.commandOutcome)
      .map(({ value }) => JSON.parse(String(value)) as CommandOutcome)
      .filter((outcome) => id === undefined || outcome.id === id);
  }

  /** The end of a command. */
  async end(id: string): Promise<CommandOutcome> {
    const ended = (): CommandOutcome | undefined => this.outcomes(id).find(({ state }) => state !== 'accepted');
    await this.until(() => ended() !== undefined, `the end of ${id}`);
    return ended() as CommandOutcome;
  }
}
