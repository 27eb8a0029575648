import { createServer, type Server, type Socket } from 'node:net';
import { type Clock, errorMessage, type Logger } from '@plantroom/contracts';
import { isLost } from '../is-lost.ts';
import { listen } from '../listen.ts';
import type { ConnectionFault, FrameFault, WireFault } from '../wire-fault.ts';
import type { Framing, RequestFrame } from './framing.ts';
import { answerPdu, exceptionCodes, exceptionPdu, type ModbusUnit } from './pdu.ts';
import { type Answer, spoilAnswer } from './spoil-answer.ts';

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
  /** Fault of the connection as a whole now; looked for each second. Left out: none ever. */
  connectionFault?(): ConnectionFault | undefined;
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

const lookMs = 1000;
/** More pipelined requests than this and the client is cut off: a serial line behind it would never catch up. */
const maxPending = 64;

const nothing = new Uint8Array();

interface Client {
  socket: Socket;
  received: Uint8Array;
  pending: RequestFrame[];
  busy: boolean;
  cancelDelay: () => void;
  /** The answer to its last request, for the one who gets it late. */
  lastAnswer: Uint8Array | undefined;
}

/** One listening port: a device, or a TCP gateway or serial line with several. One request at a time a connection, as on the line behind it. */
export class ModbusServer {
  readonly #options: ModbusServerOptions;
  readonly #clients = new Set<Client>();
  readonly #stats = { requests: 0, answers: 0, exceptions: 0, skippedBytes: 0, dropped: 0 };
  #server: Server | undefined;
  /** The port of a listener that is closed by a fault. */
  #closedPort: number | undefined;
  #cancelLook: () => void = () => undefined;
  /** Closing or opening for a fault, until it is done. */
  #following: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: ModbusServerOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    await this.#listen(this.#options.port);
    if (this.#options.connectionFault !== undefined) this.#lookLater();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelLook();
    // Else a listener that was just coming back would outlive this.
    await this.#following;
    this.#closedPort = undefined;
    await this.#close();
  }

  /** The port it listens on, or would but for a fault; 0 before start. */
  get port(): number {
    if (this.#closedPort !== undefined) return this.#closedPort;
    const address = this.#server?.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  stats(): ModbusServerStats {
    return { clients: this.#clients.size, ...this.#stats };
  }

  async #listen(port: number): Promise<void> {
    const server = createServer((socket) => this.#accept(socket));
    this.#server = server;
    const { host, portVariable } = this.#options;
    await listen(server, { host, port, ...(portVariable === undefined ? {} : { portVariable }) });
  }

  async #close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const client of this.#clients) {
      client.cancelDelay();
      // An answer that is on its way still goes out.
      client.socket.destroySoon();
    }
    if (server?.listening) await new Promise<void>((done) => server.close(() => done()));
  }

  #lookLater(): void {
    this.#cancelLook = this.#options.clock.after(lookMs, () => {
      this.#following = this.#followFault()
        .catch((error: unknown) =>
          this.#options.logger.error({ error: errorMessage(error) }, 'the listener is not back yet'),
        )
        .then(() => {
          if (!this.#isStopped) this.#lookLater();
        });
    });
  }

  /** A refused connection is one on which nobody listens. */
  async #followFault(): Promise<void> {
    const isRefused = this.#options.connectionFault?.() === 'refused';
    if (isRefused && this.#server !== undefined) {
      this.#closedPort = this.port;
      await this.#close();
    } else if (!isRefused && this.#closedPort !== undefined) {
      await this.#listen(this.#closedPort);
      this.#closedPort = undefined;
    }
  }

  #accept(socket: Socket): void {
    const client: Client = {
      socket,
      received: nothing,
      pending: [],
      busy: false,
      cancelDelay: () => undefined,
      lastAnswer: undefined,
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
    // Cut off, and the last bytes are still on their way out.
    if (client.socket.writableEnded) return;
    let rest: Uint8Array = client.received.length === 0 ? data : Buffer.concat([client.received, data]);
    for (;;) {
      const parsed = this.#options.framing.parse(rest);
      if (parsed.kind === 'need-more') break;
      rest = parsed.length === rest.length ? nothing : rest.subarray(parsed.length);
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
    client.received = rest.length === 0 ? nothing : rest.slice();
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
    if (fault?.kind === 'loss' && isLost(this.#stats.requests, fault.percent)) return;
    if (this.#options.connectionFault?.() === 'half-open') return;
    const unit = units.get(request.unitId);
    if (unit === undefined && !framing.answersForUnknownUnits) return;
    const functionCode = request.pdu[0] ?? 0;
    let pdu: Uint8Array;
    if (unit === undefined) pdu = exceptionPdu(functionCode, exceptionCodes.gatewayTarget);
    else if (fault?.kind === 'exception') pdu = exceptionPdu(functionCode, fault.code);
    else pdu = answerPdu(unit, request.pdu);
    if (((pdu[0] ?? 0) & 0x80) !== 0) this.#stats.exceptions++;
    this.#stats.answers++;
    if (fault?.kind === 'frame') this.#spoil(client, { request, pdu, framing }, fault.fault);
    else client.socket.write(framing.reply(request, pdu));
  }

  #spoil(client: Client, answer: Answer, fault: FrameFault): void {
    const { frames, cut } = spoilAnswer(answer, fault, client.lastAnswer);
    client.lastAnswer = answer.framing.reply(answer.request, answer.pdu);
    for (const frame of frames) client.socket.write(frame);
    if (!cut) return;
    client.pending.length = 0;
    client.socket.destroySoon();
  }
}
