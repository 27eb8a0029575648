import { createServer, type Server, type Socket } from 'node:net';
import { type Clock, errorMessage, type Logger } from '@plantroom/contracts';
import { listen } from '../listen.ts';
import type { WireFault } from '../wire-fault.ts';
import type { Framing, RequestFrame } from './framing.ts';
import { answerPdu, exceptionCodes, exceptionPdu, type ModbusUnit } from './pdu.ts';

export interface ModbusServerOptions {
  host: string;
  /** 0: any free one, see `port` after start. */
  port: number;
  /** Named in the error when the port is taken. */
  portVariable?: string;
  framing: Framing;
  units: ReadonlyMap<number, ModbusUnit>;
  /** Fault on the wire of a unit now; undefined: none. */
  faultOf(unitId: number): WireFault | undefined;
  clock: Clock;
  logger: Logger;
  /** Called for each new client; left out: nobody cares. */
  onClient?(): void;
}

export interface ModbusServerStats {
  clients: number;
  requests: number;
  answers: number;
  exceptions: number;
  skippedBytes: number;
  dropped: number;
}

/** More pipelined requests than this and the client is cut off: a serial line behind it would never catch up. */
const maxPending = 64;

interface Client {
  socket: Socket;
  received: Uint8Array;
  pending: RequestFrame[];
  busy: boolean;
  cancelDelay: () => void;
}

/** One listening port: a device, or a TCP gateway or serial line with several. One request at a time a connection, as on the line behind it. */
export class ModbusServer {
  readonly #options: ModbusServerOptions;
  readonly #clients = new Set<Client>();
  readonly #stats = { requests: 0, answers: 0, exceptions: 0, skippedBytes: 0, dropped: 0 };
  #server: Server | undefined;

  constructor(options: ModbusServerOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const server = createServer((socket) => this.#accept(socket));
    this.#server = server;
    const { host, port, portVariable } = this.#options;
    await listen(server, { host, port, ...(portVariable === undefined ? {} : { portVariable }) });
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const client of this.#clients) {
      client.cancelDelay();
      // An answer that is on its way still goes out.
      client.socket.destroySoon();
    }
    if (server?.listening) await new Promise<void>((done) => server.close(() => done()));
  }

  /** The port it listens on; 0 before start. */
  get port(): number {
    const address = this.#server?.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  stats(): ModbusServerStats {
    return { clients: this.#clients.size, ...this.#stats };
  }

  #accept(socket: Socket): void {
    const client: Client = {
      socket,
      received: new Uint8Array(),
      pending: [],
      busy: false,
      cancelDelay: () => undefined,
    };
    this.#clients.add(client);
    socket.setNoDelay(true);
    socket.on('data', (data) => this.#receive(client, data));
    socket.on('error', (error) => this.#options.logger.debug({ error: errorMessage(error) }, 'client gone'));
    socket.on('close', () => {
      client.cancelDelay();
      this.#clients.delete(client);
    });
    this.#options.onClient?.();
  }

  #receive(client: Client, data: Uint8Array): void {
    let rest: Uint8Array = client.received.length === 0 ? data : Buffer.concat([client.received, data]);
    for (;;) {
      const parsed = this.#options.framing.parse(rest);
      if (parsed.kind === 'need-more') break;
      rest = rest.subarray(parsed.length);
      if (parsed.kind === 'skip') {
        this.#stats.skippedBytes += parsed.length;
        if (rest.length === 0) break;
        continue;
      }
      if (client.pending.length >= maxPending) {
        this.#stats.dropped += client.pending.length + 1;
        client.socket.destroy();
        return;
      }
      client.pending.push(parsed.frame);
    }
    client.received = rest.slice();
    this.#work(client);
  }

  #work(client: Client): void {
    while (!client.busy && !client.socket.destroyed) {
      const request = client.pending.shift();
      if (request === undefined) return;
      this.#stats.requests++;
      const fault = this.#options.faultOf(request.unitId);
      if (fault?.kind === 'slow') {
        client.busy = true;
        client.cancelDelay = this.#options.clock.after(fault.delayMs, () => {
          client.busy = false;
          this.#answer(client, request, fault);
          this.#work(client);
        });
        return;
      }
      this.#answer(client, request, fault);
    }
  }

  #answer(client: Client, request: RequestFrame, fault: WireFault | undefined): void {
    const { framing, units } = this.#options;
    if (fault?.kind === 'silence' || client.socket.destroyed) return;
    const unit = units.get(request.unitId);
    if (unit === undefined && !framing.answersForUnknownUnits) return;
    const functionCode = request.pdu[0] ?? 0;
    let pdu: Uint8Array;
    if (unit === undefined) pdu = exceptionPdu(functionCode, exceptionCodes.gatewayTarget);
    else if (fault?.kind === 'exception') pdu = exceptionPdu(functionCode, fault.code);
    else pdu = answerPdu(unit, request.pdu);
    if (((pdu[0] ?? 0) & 0x80) !== 0) this.#stats.exceptions++;
    this.#stats.answers++;
    client.socket.write(framing.reply(request, pdu));
  }
}
