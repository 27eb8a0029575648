import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, type Reading, silentLogger, systemClock, VirtualClock } from '@plantroom/contracts';
import type { Outbox } from '../../gateway/src/outbox/outbox.ts';
import { openSqliteOutbox } from '../../gateway/src/outbox/sqlite-outbox.ts';
import { Pipeline } from '../../gateway/src/pipeline/pipeline.ts';
import { pointTable } from '../../gateway/src/pipeline/point-table.ts';
import { buildUplinks, uplinkNames } from '../../gateway/src/uplink/build-uplinks.ts';
import type { Uplink } from '../../gateway/src/uplink/uplink.ts';
import { ManagedProcess } from '../../scripts/stack/managed-process.ts';
import { stackProcesses } from '../../scripts/stack/processes.ts';
import { ApiClient } from './api-client.ts';
import { freePort } from './free-ports.ts';

import { OutageBuilding, outageSite } from './outage-building.ts';
import { adminPassword } from './start-stack.ts';
import { type TcpTap, tapTcp } from './tcp-tap.ts';

const token = 'outage-token';
const second = 1000;
const tenths = 10;

/** Time that is made until the outage is over, and passes by itself from then on. */
class OutageClock extends VirtualClock {
  /** Monotonic: the real time less the virtual one, from when it passes by itself. */
  #aheadMs: number | undefined;

  goLive(): void {
    this.#aheadMs = systemClock.monotonicMs() - super.monotonicMs();
  }

  override nowMs(): number {
    return this.#aheadMs === undefined ? super.nowMs() : systemClock.nowMs();
  }

  override monotonicMs(): number {
    return this.#aheadMs === undefined ? super.monotonicMs() : systemClock.monotonicMs() - this.#aheadMs;
  }

  override after(delayMs: number, call: () => void): () => void {
    return this.#aheadMs === undefined ? super.after(delayMs, call) : systemClock.after(delayMs, call);
  }
}

export interface OutageBedOptions {
  points: number;
  hours: number;
  /** Left out: the outbox's own. */
  maxBytes?: number;
  /** Points of which every reading is remembered, by the number of their meter; left out: of every meter. */
  watchMeters?: ReadonlySet<number>;
  logger?: Logger;
}

/**
 * A gateway's pipeline, SQLite outbox and uplinks in this process, with broker and server as processes beside it, behind lines that can be cut. Hours
 * without them pass in seconds, because nothing but the outbox waits for time.
 */
export class OutageBed {
  readonly url: string;
  readonly api: ApiClient;
  readonly outbox: Outbox;
  readonly outboxFile: string;
  readonly uplinks: Uplink[];
  /** What was appended of the watched points, by point. */
  readonly watched = new Map<string, Reading[]>();
  /** Values that the meters gave. */
  raw = 0;
  readonly #clock: OutageClock;
  readonly #pipeline: Pipeline;
  readonly #building: OutageBuilding;
  readonly #taps: { broker: TcpTap; http: TcpTap };
  readonly #processes: ManagedProcess[];
  readonly #folder: string;
  readonly #seconds: number;
  #second = 0;
  #stopLive: (() => void) | undefined;

  private constructor(
    o: OutageBedOptions & {
      folder: string;
      url: string;
      api: ApiClient;
      taps: { broker: TcpTap; http: TcpTap };
      processes: ManagedProcess[];
    },
  ) {
    const { folder, url, api, taps, processes, logger = silentLogger } = o;
    this.#folder = folder;
    this.url = url;
    this.api = api;
    this.#taps = taps;
    this.#processes = processes;
    this.#seconds = o.hours * 3600;
    this.#clock = new OutageClock(Math.floor(Date.now() / second) * second - this.#seconds * second);
    this.#building = new OutageBuilding(o.points);
    const table = pointTable(outageSite, this.#building.devices);
    const uplinks = {
      sparkplug: { url: `mqtt://127.0.0.1:${taps.broker.port}` },
      lineProtocol: { url: `http://127.0.0.1:${taps.http.port}`, token, api: 'v2' as const },
    };
    const config = {
      gateway: 'edge',
      site: outageSite,
      connections: [],
      devices: [],
      uplinks,
      outbox: { file: 'outbox.sqlite' },
    };
    this.outboxFile = join(folder, 'outbox.sqlite');
    this.outbox = openSqliteOutbox(this.outboxFile, {
      uplinks: uplinkNames(config),
      clock: this.#clock,
      logger,
      ...(o.maxBytes === undefined ? {} : { maxBytes: o.maxBytes }),
    });
    const outbox = this.#watching(this.outbox, o.watchMeters);
    this.#pipeline = new Pipeline({ table, outbox, clock: this.#clock, logger });
    this.uplinks = buildUplinks(config, {
      table,
      pipeline: this.#pipeline,
      outbox: this.outbox,
      clock: systemClock,
      logger,
      bdSeqFile: join(folder, 'bd-seq'),
    });
  }

  /** Broker and server run; the gateway's lines to both are cut. */
  static async start(options: OutageBedOptions): Promise<OutageBed> {
    // Synchronising takes its time on a disk; what is measured here is how much there is and how it drains.
    const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'plantroom-outage-'));
    const [httpPort, mqttPort] = [await freePort(), await freePort()];
    const specs = stackProcesses({
      dataDir: folder,
      httpPort,
      mqttPort,
      gatewayToken: token,
      simulators: false,
      environment: { PLANTROOM_ADMIN_PASSWORD: adminPassword },
    }).filter(({ name }) => name !== 'gateway');
    const lines: string[] = [];
    const processes = specs.map(
      (spec) =>
        new ManagedProcess(spec, {
          line: (name, _stream, line) => lines.push(`${name}: ${line}`),
          exited: () => undefined,
        }),
    );
    for (const child of processes)
      if ((await child.start()) === undefined)
        throw new Error(`${child.spec.name} did not start:\n${lines.join('\n')}`);
    const url = `http://127.0.0.1:${httpPort}`;
    const api = new ApiClient(url);
    await api.signIn('admin', adminPassword);
    const taps = { broker: await tapTcp(mqttPort), http: await tapTcp(httpPort) };
    for (const tap of Object.values(taps)) tap.cut(true);
    const bed = new OutageBed({ ...options, folder, url, api, taps, processes });
    bed.#pipeline.start();
    for (const uplink of bed.uplinks) await uplink.start();
    return bed;
  }

  /** CPU is that of this process, which is the gateway's. */
  pidOf(name: 'broker' | 'server'): number {
    return this.#processes.find(({ spec }) => spec.name === name)?.pid ?? -1;
  }

  /** The hours without a line. `each` hears of every virtual hour. */
  async passOutage(each?: (hour: number) => void): Promise<void> {
    while (this.#second < this.#seconds) {
      this.#passSecond();
      if (this.#second % 60 === 0) await new Promise((resolve) => setImmediate(resolve));
      if (this.#second % 3600 === 0) each?.(this.#second / 3600);
    }
  }

  /** The lines are whole again. Live values go on in real time until the bed is stopped. */
  endOutage({ live }: { live: boolean }): void {
    this.#pipeline.stop();
    this.#clock.goLive();
    for (const tap of Object.values(this.#taps)) tap.cut(false);
    if (!live) return;
    this.#building.alarmEveryS = 1;
    let tenth = 0;
    const timer = setInterval(() => {
      this.#passTenth(tenth);
      this.#pipeline.stop();
      tenth = (tenth + 1) % tenths;
      if (tenth === 0) this.#second++;
    }, second / tenths);
    this.#stopLive = () => clearInterval(timer);
  }

  stopLive(): void {
    this.#stopLive?.();
    this.#stopLive = undefined;
  }

  /** Readings that this uplink still has to get confirmed. */
  pending(uplink: string): number {
    const { safety = 0, live = 0 } = this.outbox.stats().pending[uplink] ?? {};
    return safety + live;
  }

  async stop(): Promise<void> {
    this.stopLive();
    for (const uplink of this.uplinks) await uplink.stop();
    this.outbox.close();
    for (const tap of Object.values(this.#taps)) await tap.close();
    for (const child of [...this.#processes].reverse()) await child.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #passSecond(): void {
    for (let tenth = 0; tenth < tenths; tenth++) {
      this.#passTenth(tenth);
      // Rest of the batcher included: as with a poll that ends, ten appends a second.
      this.#clock.advance(second / tenths);
    }
    this.#second++;
  }

  #passTenth(tenth: number): void {
    const atMs = this.#clock.nowMs();
    let last = '';
    for (const { device, binding, value } of this.#building.read(this.#second, tenth)) {
      this.#pipeline.raw(device, binding, this.#building.raw(value), atMs);
      this.raw++;
      last = device;
    }
    this.#pipeline.settled(last, atMs);
  }

  #watching(outbox: Outbox, meters: ReadonlySet<number> | undefined): Outbox {
    const isWatched = (point: string): boolean => {
      const meter = /\/meter-(\d+)\//.exec(point)?.[1];
      return meters === undefined || meter === undefined || meters.has(Number(meter));
    };
    const names = new Map<string, boolean>();
    const append: Outbox['append'] = (lane, readings) => {
      for (const reading of readings) {
        const isOne = names.get(reading.point) ?? isWatched(reading.point);
        names.set(reading.point, isOne);
        if (!isOne) continue;
        const list = this.watched.get(reading.point);
        if (list === undefined) this.watched.set(reading.point, [reading]);
        else list.push(reading);
      }
      return outbox.append(lane, readings);
    };
    return new Proxy(outbox, {
      get: (target, name) => {
        if (name === 'append') return append;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }
}
