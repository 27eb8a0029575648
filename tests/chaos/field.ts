import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '@plantroom/contracts';
import type { FaultKind, ScriptedFault } from './plan.ts';
import { firstCounter, overheatDelayMs, pointsPerUnit, temperatureRegister, valueAt } from './points.ts';
import { type Expected, ShownFault } from './shown-fault.ts';
import { type Asked, UnitAccount } from './unit-account.ts';

export interface FieldOptions {
  /** One Modbus TCP line each. */
  ports: readonly number[];
  unitsPerLine: number;
  account: { longestGapMs: number; appendMs: number };
  clock: Clock;
}

const requestBytes = 12;
/**
 * A line asks several times a second. What comes after such a silence, and what comes right behind it, may have been held up on its way until the
 * gateway had given it up; below, it has not: the time-out is far longer.
 */
const silenceMs = 2000;
const bunchMs = 300;
const readDiscrete = 2;
const readInput = 4;
const normalDegC = 21;
const hotDegC = 88;

/**
 * The devices, their frames written out by hand: each answer carries a new running count, and each device keeps account of what it has given
 * out. The one source of truth of a run.
 */
export class Field {
  readonly accounts: readonly UnitAccount[];
  /** The polls of the fire input are requests of their own. */
  readonly #inputAccounts: readonly UnitAccount[];
  /** By unit. */
  readonly #shown: Record<FaultKind, ShownFault>[];
  /** Requests that the gateway files do not explain. */
  readonly odd: string[] = [];
  readonly #o: FieldOptions;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #faults: Set<FaultKind>[];
  #connections = 0;

  constructor(options: FieldOptions) {
    this.#o = options;
    const units = options.ports.length * options.unitsPerLine;
    const each = <T>(make: () => T): T[] => Array.from({ length: units }, make);
    this.accounts = each(() => new UnitAccount(options.account));
    this.#inputAccounts = each(() => new UnitAccount(options.account));
    this.#faults = each(() => new Set());
    this.#shown = each(() => ({ fire: new ShownFault(), overheat: new ShownFault() }));
  }

  async listen(): Promise<void> {
    for (const [line, port] of this.#o.ports.entries()) {
      const server = createServer((socket) => this.#connected(line, socket));
      this.#servers.push(server);
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    }
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    for (const server of this.#servers) {
      server.close();
      await once(server, 'close');
    }
  }

  set(unit: number, fault: FaultKind): void {
    this.#faults[unit]?.add(fault);
  }

  clear(unit: number, fault: FaultKind): void {
    this.#faults[unit]?.delete(fault);
  }

  /** How many alarms a fault has to give, by what the gateway has been shown of it. */
  expects({ unit, kind, forMs }: ScriptedFault): Expected {
    const shown = this.#shown[unit]?.[kind];
    const account = kind === 'fire' ? this.#inputAccounts[unit] : this.accounts[unit];
    if (forMs === undefined || shown === undefined || account === undefined) return 'one';
    return shown.expects(account.deliveries(), kind === 'fire' ? 0 : overheatDelayMs);
  }

  /** The gateway is dead: what still comes of it from a slow hop is nobody's request. */
  gatewayKilled(): void {
    const nowMs = this.#o.clock.monotonicMs();
    for (const socket of this.#sockets) socket.destroy();
    for (const account of [...this.accounts, ...this.#inputAccounts]) account.killed(nowMs);
  }

  freeze(): void {
    for (const account of this.accounts) account.freeze();
  }

  #connected(line: number, socket: Socket): void {
    const connection = ++this.#connections;
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
    let rest: Buffer = Buffer.alloc(0);
    let lastMs = this.#o.clock.monotonicMs();
    let lateUntilMs = 0;
    socket.on('data', (bytes: Buffer) => {
      rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      for (; rest.length >= requestBytes && !socket.destroyed; rest = rest.subarray(requestBytes)) {
        const atMs = this.#o.clock.monotonicMs();
        if (atMs - lastMs > silenceMs) lateUntilMs = atMs + bunchMs;
        lastMs = atMs;
        const data = this.#answer(rest, line, { connection, atMs, isLate: atMs < lateUntilMs });
        if (data === undefined) {
          this.odd.push(rest.subarray(0, requestBytes).toString('hex'));
          socket.destroy();
          return;
        }
        const response = Buffer.allocUnsafe(9 + data.length);
        rest.copy(response, 0, 0, 8);
        response.writeUInt16BE(3 + data.length, 4);
        response[8] = data.length;
        data.copy(response, 9);
        socket.write(response);
      }
    });
  }

  /** Undefined: no request that this device knows. */
  #answer(request: Buffer, line: number, asked: Asked): Buffer | undefined {
    const unit = line * this.#o.unitsPerLine + (request[6] ?? 0) - 1;
    const [code, address, quantity] = [request[7], request.readUInt16BE(8), request.readUInt16BE(10)];
    const [account, inputs] = [this.accounts[unit], this.#inputAccounts[unit]];
    const [faults, shown] = [this.#faults[unit], this.#shown[unit]];
    if (account === undefined || inputs === undefined || faults === undefined || shown === undefined) return undefined;
    if (request.readUInt16BE(4) !== 6) return undefined;
    const { atMs } = asked;
    if (code === readDiscrete && address === 0 && quantity === 1) {
      const isSet = faults.has('fire');
      shown.fire.shown(isSet, { count: inputs.asked(asked), atMs });
      return Buffer.from([Number(isSet)]);
    }
    const counters = pointsPerUnit * 2;
    const end = address + quantity;
    const isWhole = address === firstCounter && quantity >= counters;
    if (code !== readInput || end > temperatureRegister + 1 || !(isWhole || address === temperatureRegister))
      return undefined;
    const data = Buffer.alloc(quantity * 2);
    if (isWhole) {
      const count = account.asked(asked);
      shown.overheat.shown(faults.has('overheat'), { count, atMs });
      for (let i = 0; i < pointsPerUnit; i++) data.writeUInt32BE(valueAt(count, i), i * 4);
    }
    if (end > temperatureRegister)
      data.writeUInt16BE(faults.has('overheat') ? hotDegC : normalDegC, (temperatureRegister - address) * 2);
    return data;
  }
}
