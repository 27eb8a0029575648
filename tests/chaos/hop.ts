import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '@plantroom/contracts';
import type { Random } from '../rig/random.ts';
import { type Fate, Pipe } from './pipe.ts';

/** What a hop does to the bytes of every connection, both ways, until it is told otherwise. */
export type HopMode =
  | { kind: 'pass' }
  /** Each chunk arrives later by so much, in order. */
  | { kind: 'delay'; fromMs: number; toMs: number }
  /** At most so many bytes a second, each way. */
  | { kind: 'throttle'; bytesPerSecond: number }
  /** Everything waits for the end, as behind a network that loses packets and finds them again. */
  | { kind: 'stall' }
  /**
   * Bytes are swallowed while connections stay up. One that has lost bytes never carries any again, not even its end: the ends have to
   * notice by themselves, as with a router that has forgotten them. New connections pass when the hole is over.
   */
  | { kind: 'black-hole' }
  /** Connections are closed as soon as they come. */
  | { kind: 'refuse' };

export interface HopOptions {
  port: number;
  /** Loopback port behind it. */
  target: number;
  clock: Clock;
  /** For the delays. */
  random: Random;
}

interface Link {
  near: Socket;
  far: Socket;
  pipes: readonly [Pipe, Pipe];
}

export interface HopStats {
  connections: number;
  cut: number;
  bytes: number;
  swallowedBytes: number;
}

/** One hop: a TCP hop on loopback that can be told to misbehave. */
export class Hop {
  readonly port: number;
  readonly #o: HopOptions;
  readonly #server: Server;
  readonly #links = new Set<Link>();
  #mode: HopMode = { kind: 'pass' };
  #stats: HopStats = { connections: 0, cut: 0, bytes: 0, swallowedBytes: 0 };

  constructor(options: HopOptions) {
    this.#o = options;
    this.port = options.port;
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
  }

  async listen(): Promise<void> {
    this.#server.listen(this.#o.port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    this.#server.close();
    this.cut();
    await once(this.#server, 'close');
  }

  set(mode: HopMode): void {
    this.#mode = mode;
    for (const { pipes } of this.#links) for (const pipe of pipes) pipe.modeChanged();
  }

  /** Resets every connection. */
  cut(): void {
    for (const link of this.#links) {
      this.#stats.cut += 1;
      this.#end(link);
    }
  }

  stats(): HopStats {
    return { ...this.#stats };
  }

  #accept(near: Socket): void {
    if (this.#mode.kind === 'refuse') {
      near.on('error', () => undefined);
      near.resetAndDestroy();
      return;
    }
    this.#stats.connections += 1;
    const far = connect({ port: this.#o.target, host: '127.0.0.1', allowHalfOpen: true });
    const fate = { hasSwallowed: false };
    const link: Link = { near, far, pipes: [this.#pipe(near, far, fate), this.#pipe(far, near, fate)] };
    this.#links.add(link);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', (hadError) => {
        if (other.destroyed) this.#links.delete(link);
        else if (hadError && !fate.hasSwallowed) this.#end(link);
      });
    }
  }

  #pipe(from: Socket, to: Socket, fate: Fate): Pipe {
    const { clock, random } = this.#o;
    return new Pipe({
      from,
      to,
      fate,
      mode: () => this.#mode,
      count: (what, bytes) => {
        this.#stats[what] += bytes;
      },
      clock,
      random,
    });
  }

  #end(link: Link): void {
    this.#links.delete(link);
    for (const pipe of link.pipes) pipe.stop();
    for (const socket of [link.near, link.far]) if (!socket.destroyed) socket.resetAndDestroy();
  }
}
