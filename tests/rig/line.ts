import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '@plantroom/contracts';
import { Exchange, type Frame, type Step, step } from './faults/exchange.ts';
import type { LineFault, Listening } from './faults/line-faults.ts';
import type { UnitFault } from './faults/unit-fault.ts';
import type { Random } from './random.ts';
import type { Ledger } from './truth/ledger.ts';
import type { RigDevice, Turn } from './truth/serving.ts';
import { Connection } from './wire/connection.ts';
import { type RigRequest, takeRequest, type Wire } from './wire/frames.ts';
import type { StallWatch } from './wire/stall.ts';

export interface RigLineOptions {
  clock: Clock;
  id: string;
  wire: Wire;
  port: number;
  timeoutMs: number;
  devices: readonly RigDevice[];
  ledger: Ledger;
  random: Random;
  stall: StallWatch;
}

/** A fault that is on, and what it has met. */
export interface Active<Fault> {
  fault: Fault;
  hits: number;
  memory: { held?: Frame };
}

/** Late answers take up to four time-outs of the five after which a gateway takes them for lost. */
const stallShare = 0.5;

/** One socket server with real devices behind it, all of the rig's own making. */
export class RigLine implements Listening {
  readonly options: RigLineOptions;
  readonly connections = new Set<Connection>();
  /** What came and was no read of ours: a fault of the gateway, since nothing on loopback damages a request. */
  readonly badRequests: string[] = [];
  readonly #unitFaults = new Map<number, Active<UnitFault>>();
  #lineFault: Active<LineFault> | undefined;
  #server: Server | undefined;
  #turn: Turn = {};
  /** Until when each unit has something to say to what it was asked before, monotonic ms. */
  readonly #busyUntilMs = new Map<number, number>();

  constructor(options: RigLineOptions) {
    this.options = options;
  }

  async listen(): Promise<void> {
    const server = createServer((socket) => this.#accept(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.options.port, '127.0.0.1', resolve);
    });
    this.#server = server;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const connection of this.connections) connection.end('reset');
    if (server !== undefined) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** Until `end`; one fault at a time for a device. */
  misbehave(device: RigDevice, fault: UnitFault): { hits(): number; end(): void } {
    const active: Active<UnitFault> = { fault, hits: 0, memory: {} };
    this.#unitFaults.set(device.unit, active);
    return { hits: () => active.hits, end: () => this.#unitFaults.delete(device.unit) };
  }

  async misbehaveAsLine(fault: LineFault): Promise<{ hits(): number; end(): Promise<void> }> {
    const active: Active<LineFault> = { fault, hits: 0, memory: {} };
    this.#lineFault = active;
    await fault.begin?.(this);
    return {
      hits: () => active.hits,
      end: async () => {
        this.#lineFault = undefined;
        await fault.end?.(this);
      },
    };
  }

  #accept(socket: Socket): void {
    const connection = new Connection({
      socket,
      clock: this.options.clock,
      latestMs: this.#ambiguous ? this.options.timeoutMs * stallShare : Number.POSITIVE_INFINITY,
      onBytes: (bytes, from) => this.#receive(bytes, from),
      onSent: (done, atMs) => {
        for (const serving of done.servings ?? []) this.options.ledger.sent(serving, atMs);
      },
      onClosed: (closed) => this.connections.delete(closed),
    });
    this.connections.add(connection);
    if (this.#lineFault !== undefined) {
      this.#lineFault.hits += 1;
      this.#lineFault.fault.onConnect?.(connection, this);
    }
  }

  #receive(bytes: Buffer, connection: Connection): void {
    connection.rest = Buffer.concat([connection.rest, bytes]);
    try {
      for (let taken = this.#take(connection); taken !== undefined; taken = this.#take(connection)) {
        this.#ask(taken, connection);
      }
    } catch (error) {
      this.badRequests.push(String(error));
      connection.end('reset');
    }
  }

  #take(connection: Connection): RigRequest | undefined {
    const taken = takeRequest(this.options.wire, connection.rest);
    if (taken === undefined) return undefined;
    connection.rest = taken.rest;
    return taken.request;
  }

  #ask(request: RigRequest, connection: Connection): void {
    this.#turn.overAtMs = this.options.clock.nowMs();
    this.#turn = {};
    const { devices } = this.options;
    const device = devices.find((d) => d.unit === request.unit);
    if (device === undefined) {
      this.badRequests.push(`unit ${request.unit} is not on ${this.options.id}`);
      return;
    }
    device.requests += 1;
    if (connection.dead) {
      if (this.#lineFault !== undefined) this.#lineFault.hits += 1;
      return;
    }
    if (this.#ambiguous && this.options.stall.lagMs() > this.options.timeoutMs * stallShare) {
      this.options.stall.passedOver += 1;
      return;
    }
    connection.say(this.#inTurn(device, this.#answer(request, device, connection)));
    connection.previousId = request.transactionId;
  }

  /** A device on a serial bus answers one request after the other; only where ids tell answers apart do they overtake each other here. */
  #inTurn(device: RigDevice, steps: Step[]): Step[] {
    if (steps.length === 0) return steps;
    const nowMs = this.options.clock.monotonicMs();
    const busyUntilMs = this.#busyUntilMs.get(device.unit) ?? 0;
    const firstMs = Math.min(...steps.map(({ afterMs }) => afterMs));
    const heldMs = this.#ambiguous ? Math.max(0, Math.ceil(busyUntilMs - nowMs) + 1 - firstMs) : 0;
    const held = steps.map((step) => ({ ...step, afterMs: step.afterMs + heldMs }));
    this.#busyUntilMs.set(device.unit, Math.max(busyUntilMs, nowMs + Math.max(...held.map(({ afterMs }) => afterMs))));
    return held;
  }

  /** How long these devices still have something to say to what they were asked, ms. */
  backlogMs(devices: readonly RigDevice[]): number {
    const until = devices.map(({ unit }) => this.#busyUntilMs.get(unit) ?? 0);
    return Math.max(0, ...until.map((ms) => ms - this.options.clock.monotonicMs()));
  }

  /** No id tells one answer from another: how late an answer may come is bounded, and so is how late the rig may be by itself. */
  get #ambiguous(): boolean {
    return this.options.wire !== 'tcp';
  }

  #answer(request: RigRequest, device: RigDevice, connection: Connection): Step[] {
    const { wire, timeoutMs, ledger, random, devices } = this.options;
    const onLine = this.#lineFault;
    const active = onLine ?? this.#unitFaults.get(device.unit);
    const exchange = new Exchange({
      wire,
      timeoutMs,
      request,
      device,
      neighbour: devices[(devices.indexOf(device) + 1) % devices.length] ?? device,
      previousId: connection.previousId,
      fault: active?.fault.name ?? 'none',
      turn: active?.hits ?? 0,
      lineTurn: this.#turn,
      memory: active?.memory ?? {},
      ledger,
      random,
      atMs: this.options.clock.nowMs(),
    });
    if (active !== undefined) active.hits += 1;
    const special =
      onLine === undefined
        ? this.#unitFaults.get(device.unit)?.fault.answer(exchange)
        : onLine.fault.answer?.(exchange, connection);
    return special ?? [step(exchange.turnAroundMs(), exchange.right())];
  }
}
