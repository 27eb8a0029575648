import { EventEmitter } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { Duplex } from 'node:stream';
import { HeldBytes } from './held-bytes.ts';

/**
 * Sockets of this process that never leave it: whatever connects to an address on which something of this process listens gets a pair of
 * streams. Nothing else of the line is replaced; MQTT and Modbus go over it byte by byte. In place of the system's from `install` on.
 */
export class VirtualNet {
  readonly #listeners = new Map<number, VirtualServer>();
  /** Ports that nobody reaches at present. */
  readonly #blocked = new Set<number>();
  /** Other names of a port. */
  readonly #aliases = new Map<number, number>();
  readonly #pairs = new Map<VirtualSocket, number>();
  #nextPort = 40_000;
  /** Rises with every chunk that moves, so that one can tell when nothing does any more. */
  moved = 0;

  /** For the whole process: modules that import from node:net see it too. */
  install(): () => void {
    const { connect, createConnection, createServer } = net;
    const virtualConnect = (...args: unknown[]) => this.#connect(args);
    Object.assign(net, {
      connect: virtualConnect,
      createConnection: virtualConnect,
      createServer: (accept?: (socket: VirtualSocket) => void) => new VirtualServer(this, accept),
    });
    syncBuiltinESMExports();
    return () => {
      Object.assign(net, { connect, createConnection, createServer });
      syncBuiltinESMExports();
    };
  }

  listen(server: VirtualServer, port: number): number {
    const taken = port === 0 ? this.#nextPort++ : port;
    if (this.#listeners.has(taken)) throw Object.assign(new Error(`port ${taken} is taken`), { code: 'EADDRINUSE' });
    this.#listeners.set(taken, server);
    return taken;
  }

  /** Whoever connects to `port` gets to `target`, on a line of its own. */
  alias(port: number, target: number): void {
    this.#aliases.set(port, target);
  }

  /** Ends what is connected to the port, and lets nobody connect. */
  block(port: number): void {
    this.#blocked.add(port);
    for (const [socket, to] of [...this.#pairs]) if (to === port) socket.destroy();
  }

  unblock(port: number): void {
    this.#blocked.delete(port);
  }

  /** A connection has ended. */
  ended(socket: VirtualSocket): void {
    this.#pairs.delete(socket);
  }

  unlisten(port: number): void {
    this.#listeners.delete(port);
  }

  #connect(args: unknown[]): VirtualSocket {
    const [first, second] = args;
    const { port, host } =
      typeof first === 'object' && first !== null
        ? (first as { port: number; host?: string })
        : { port: Number(first), host: String(second) };
    const socket = new VirtualSocket(this);
    const onConnect = args.find((arg) => typeof arg === 'function') as (() => void) | undefined;
    if (onConnect !== undefined) socket.once('connect', onConnect);
    process.nextTick(() => {
      const target = this.#aliases.get(Number(port)) ?? Number(port);
      const isBlocked = this.#blocked.has(Number(port)) || this.#blocked.has(target);
      const server = isBlocked ? undefined : this.#listeners.get(target);
      if (server === undefined) {
        socket.destroy(Object.assign(new Error(`connect ECONNREFUSED ${host}:${port}`), { code: 'ECONNREFUSED' }));
        return;
      }
      const other = new VirtualSocket(this);
      socket.join(other);
      other.join(socket);
      this.#pairs.set(socket, Number(port));
      this.moved += 1;
      server.emit('connection', other);
      socket.opened();
      socket.emit('connect');
      // What the server says at once comes behind the news that there is a connection.
      other.opened();
    });
    return socket;
  }
}

export class VirtualServer extends EventEmitter {
  readonly #net: VirtualNet;
  #port: number | undefined;

  constructor(network: VirtualNet, accept?: (socket: VirtualSocket) => void) {
    super();
    this.#net = network;
    if (accept !== undefined) this.on('connection', accept);
  }

  get listening(): boolean {
    return this.#port !== undefined;
  }

  listen(at: number | { port: number }, ...rest: unknown[]): this {
    const port = typeof at === 'number' ? at : at.port;
    const done = rest.find((arg) => typeof arg === 'function') as (() => void) | undefined;
    process.nextTick(() => {
      try {
        this.#port = this.#net.listen(this, port);
        this.emit('listening');
        done?.();
      } catch (error) {
        this.emit('error', error);
      }
    });
    return this;
  }

  address(): { port: number; address: string } | null {
    return this.#port === undefined ? null : { port: this.#port, address: '127.0.0.1' };
  }

  close(done?: () => void): this {
    if (this.#port !== undefined) this.#net.unlisten(this.#port);
    this.#port = undefined;
    process.nextTick(() => done?.());
    return this;
  }
}

export class VirtualSocket extends Duplex {
  readonly #net: VirtualNet;
  #other: VirtualSocket | undefined;
  #corks = 0;
  #isOpen = false;
  /** What was written since the cork, or before the connection stands, waits; else it goes at once. */
  #isHolding = true;
  #held = new HeldBytes();
  readonly remoteAddress = '127.0.0.1';

  constructor(network: VirtualNet) {
    super({ allowHalfOpen: false, autoDestroy: true });
    this.#net = network;
  }

  join(other: VirtualSocket): void {
    this.#other = other;
  }

  /** What was written before goes now. */
  opened(): void {
    this.#isOpen = true;
    if (this.#corks === 0) this.#flush();
  }

  override _read(): void {
    // What comes is pushed as it comes.
  }

  /** Past the machinery of streams, which takes longer than all that is said. What the other end does not take at once is kept there. */
  override write(chunk: unknown, encoding?: unknown, then?: unknown): boolean {
    // Node's HTTP says null for no callback, and speaks in latin1 where it may.
    const done = (typeof encoding === 'function' ? encoding : (then ?? undefined)) as
      | ((error?: Error) => void)
      | undefined;
    const bytes =
      typeof chunk === 'string' && typeof encoding === 'string'
        ? Buffer.from(chunk, encoding as BufferEncoding)
        : (chunk as string | Uint8Array);
    if (this.destroyed || this.writableEnded) {
      const error = Object.assign(new Error('the socket is closed'), { code: 'EPIPE' });
      if (done !== undefined) process.nextTick(done, error);
      return false;
    }
    if (this.#isHolding) this.#held.add(bytes);
    else this.#deliver(Buffer.from(bytes as Uint8Array));
    if (done !== undefined) process.nextTick(done);
    return true;
  }

  override cork(): void {
    this.#corks += 1;
    this.#isHolding = true;
  }

  override uncork(): void {
    if (this.#corks === 0) return;
    this.#corks -= 1;
    if (this.#corks === 0 && this.#isOpen) this.#flush();
  }

  /** What `end` still has to say comes this way. */
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#flush();
    this.#deliver(Buffer.from(chunk));
    done();
  }

  #flush(): void {
    this.#corks = 0;
    this.#isHolding = false;
    if (this.#held.length > 0) this.#deliver(this.#held.take());
  }

  #deliver(bytes: Buffer): void {
    this.#net.moved += 1;
    const other = this.#other;
    if (other === undefined || other.destroyed) return;
    if (other.readableFlowing === true && other.readableLength === 0 && other.listenerCount('data') > 0)
      other.emit('data', bytes);
    else other.push(bytes);
  }

  override _final(done: () => void): void {
    this.#flush();
    this.#other?.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#net.moved += 1;
    this.#net.ended(this);
    const other = this.#other;
    this.#other = undefined;
    if (other !== undefined && !other.destroyed) {
      other.push(null);
      other.destroySoon();
    }
    done(error);
  }

  destroySoon(): void {
    if (this.writableEnded) this.destroy();
    else this.end(() => this.destroy());
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}
