import { createServer, type Server, type Socket } from 'node:net';
import type { Clock, Logger } from '@plantroom/contracts';
import { joined } from './bytes.ts';
import { begins, packetInWords, startsWith } from './packet.ts';
import { keepAliveMs } from './tcp-line.ts';

/** One that waits for a caller on a port. */
export interface DialInMember {
  /** What its caller says first; left out: any caller is taken. */
  registration?: Uint8Array;
  /** What a caller may say before it registers. */
  heartbeat?: Uint8Array;
  clock: Clock;
  logger: Logger;
  /** A caller that is known; `rest` is what it said after its registration. */
  onCaller(socket: Socket, rest: Uint8Array): void;
  /** The port cannot be listened on, or (undefined) it can again. */
  onPort(error: string | undefined): void;
}

/** A DTU registers as soon as it has connected; a slow mobile network takes some seconds. */
const registrationMs = 10_000;
/** What tells `DTU1` from the beginning of a split `DTU10`. */
const ambiguousMs = 500;
const mostSaid = 1024;
const mostUnknown = 64;
const listenAgainMs = 5000;

/** One listening port, shared by those who wait on it: open from the first `join` to the last `leave`. */
export class DialInPort {
  readonly #host: string;
  readonly #port: number;
  readonly #members = new Set<DialInMember>();
  readonly #unknown = new Map<Socket, () => void>();
  #server: Server | undefined;
  #error: string | undefined;
  #cancelRetry: (() => void) | undefined;

  constructor(host: string, port: number) {
    this.#host = host;
    this.#port = port;
  }

  get empty(): boolean {
    return this.#members.size === 0;
  }

  join(member: DialInMember): void {
    this.#members.add(member);
    if (this.#members.size === 1) this.#listen();
    else if (this.#error !== undefined) member.onPort(this.#error);
  }

  leave(member: DialInMember): void {
    this.#members.delete(member);
    if (this.#members.size > 0) return;
    this.#cancelRetry?.();
    this.#server?.close();
    this.#server = undefined;
    for (const [socket, forget] of this.#unknown) {
      forget();
      socket.destroy();
    }
  }

  #listen(): void {
    const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs });
    this.#server = server;
    server.on('connection', (socket) => this.#meet(socket));
    server.on('listening', () => this.#say(undefined));
    server.on('error', (error) => {
      if (this.#server !== server) return;
      this.#say(`cannot listen on ${this.#host}:${this.#port}: ${error.message}`);
      const [first] = this.#members;
      this.#cancelRetry = first?.clock.after(listenAgainMs, () => this.#listen());
    });
    server.listen(this.#port, this.#host);
  }

  #say(error: string | undefined): void {
    if (error !== this.#error) {
      const [first] = this.#members;
      if (error !== undefined) first?.logger.error({ host: this.#host, port: this.#port }, error);
      this.#error = error;
    }
    for (const member of this.#members) member.onPort(error);
  }

  #meet(socket: Socket): void {
    const [first] = this.#members;
    socket.on('error', () => undefined);
    if (first === undefined || this.#unknown.size >= mostUnknown) {
      first?.logger.warn({}, `call from ${from(socket)} refused: ${mostUnknown} others have not said who they are`);
      socket.destroy();
      return;
    }
    if (first.registration === undefined) {
      first.onCaller(socket, new Uint8Array(0));
      return;
    }
    const { clock, logger } = first;
    let said: Uint8Array = new Uint8Array(0);
    let cancelAmbiguous: (() => void) | undefined;
    const forget = (): void => {
      cancelTimeout();
      cancelAmbiguous?.();
      socket.off('data', hear);
      socket.off('close', forget);
      this.#unknown.delete(socket);
    };
    const refuse = (): void => {
      forget();
      socket.destroy();
      const words = said.length === 0 ? 'nothing' : packetInWords(said);
      logger.warn(
        { host: this.#host, port: this.#port },
        `call from ${from(socket)} to ${this.#host}:${this.#port} closed: it said ${words}, which is no registration in the file`,
      );
    };
    const accept = (found: Found): void => {
      forget();
      // Nothing that comes before the new owner listens may be lost.
      socket.pause();
      found.member.onCaller(socket, said.subarray(found.end));
      socket.resume();
    };
    const hear = (bytes: Uint8Array): void => {
      said = joined(said, bytes);
      cancelAmbiguous?.();
      const found = whoSaid(said, this.#members);
      if (found !== undefined && !found.mayBeLonger) accept(found);
      else if (found !== undefined) cancelAmbiguous = clock.after(ambiguousMs, () => accept(found));
      else if (said.length > mostSaid) refuse();
    };
    const cancelTimeout = clock.after(registrationMs, refuse);
    this.#unknown.set(socket, forget);
    socket.on('close', forget);
    socket.on('data', hear);
  }
}

interface Found {
  member: DialInMember;
  /** Where its registration ends. */
  end: number;
  /** What was said may still become a longer registration. */
  mayBeLonger: boolean;
}

/** The longest registration that stands at the beginning, heartbeats before it left out. */
function whoSaid(said: Uint8Array, members: Iterable<DialInMember>): Found | undefined {
  const list = [...members];
  let at = 0;
  for (let skipped = true; skipped; ) {
    const beat = list.find(({ heartbeat, registration }) => {
      if (heartbeat === undefined || !startsWith(said, heartbeat, at)) return false;
      // A DTU may use its registration as its heartbeat.
      return registration === undefined || !startsWith(said, registration, at);
    });
    skipped = beat?.heartbeat !== undefined;
    at += beat?.heartbeat?.length ?? 0;
  }
  let found: DialInMember | undefined;
  for (const member of list) {
    if (member.registration === undefined || !startsWith(said, member.registration, at)) continue;
    if (found?.registration === undefined || member.registration.length > found.registration.length) found = member;
  }
  if (found?.registration === undefined) return undefined;
  const mayBeLonger = list.some(({ registration }) => registration !== undefined && begins(said, registration, at));
  return { member: found, end: at + found.registration.length, mayBeLonger };
}

function from(socket: Socket): string {
  return `${socket.remoteAddress ?? 'somebody'}:${socket.remotePort ?? '?'}`;
}

/** Ports of this process by host and port: a port is the process's, whichever connection opens it. */
export class DialInPorts {
  readonly #ports = new Map<string, DialInPort>();

  /** Answers how to leave. */
  join({ host, port }: { host: string; port: number }, member: DialInMember): () => void {
    const name = `${host}:${port}`;
    const shared = this.#ports.get(name) ?? new DialInPort(host, port);
    this.#ports.set(name, shared);
    shared.join(member);
    return () => {
      shared.leave(member);
      if (shared.empty) this.#ports.delete(name);
    };
  }
}
