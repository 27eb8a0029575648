import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** An echo on loopback: what others sent before the byte went out has had as long to arrive as the byte took both ways. */
export class LoopbackFence {
  readonly #server: Server;
  readonly #socket: Socket;

  private constructor(server: Server, socket: Socket) {
    this.#server = server;
    this.#socket = socket;
  }

  static async open(): Promise<LoopbackFence> {
    const server = createServer((socket) => socket.pipe(socket).on('error', () => undefined));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').setNoDelay(true);
    await once(socket, 'connect');
    return new LoopbackFence(server, socket);
  }

  async pass(): Promise<void> {
    const back = once(this.#socket, 'data');
    this.#socket.write('x');
    await back;
  }

  async close(): Promise<void> {
    this.#socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
