import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import type { ModbusConnection } from '../../config/gateway-config.ts';
import { FarDevice, type Frames } from './far-device.ts';

/** A line and what stands at its other end. */
export interface LineBed {
  connection: ModbusConnection;
  far: FarDevice;
  /** The far end can be reached; resolves when it has done its part. */
  plugIn(): Promise<void>;
  /** It is gone, in the middle of whatever is going on. */
  pull(): Promise<void>;
  close(): Promise<void>;
}

/** Between two calls of a DTU that finds nobody; nothing waits for it. */
const redialMs = 20;
const head = { id: 'line', protocol: 'modbus' } as const;

/** A server that the line calls. */
export async function calledBed(transport: 'tcp' | 'rtu-over-tcp'): Promise<LineBed> {
  const far = new FarDevice(transport === 'tcp' ? 'tcp' : 'rtu');
  const port = await freePort();
  let server: Server | undefined;
  const pull = async (): Promise<void> => {
    far.hangUp();
    const closing = server;
    server = undefined;
    if (closing === undefined) return;
    closing.close();
    await once(closing, 'close');
  };
  return {
    connection: { ...head, transport, host: '127.0.0.1', port },
    far,
    plugIn: async () => {
      server = createServer((socket) => far.take(socket)).listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    pull,
    close: pull,
  };
}

/** A DTU that calls the line, says who it is, and calls again when it is cut off. */
export async function dialInBed(frames: Frames): Promise<LineBed> {
  const far = new FarDevice(frames);
  const port = await freePort();
  let life = 0;
  const dial = (own: number): void => {
    if (own !== life) return;
    const socket = connect(port, '127.0.0.1', () => {
      if (own !== life) return void socket.destroy();
      far.take(socket);
      socket.write('DTU1');
    });
    socket.on('error', () => undefined);
    socket.once('close', () => setTimeout(() => dial(own), redialMs));
  };
  const pull = (): Promise<void> => {
    life++;
    far.hangUp();
    return Promise.resolve();
  };
  return {
    connection: { ...head, transport: 'tcp-server', host: '127.0.0.1', port, frames, registration: 'DTU1' },
    far,
    plugIn: () => {
      dial(life);
      return Promise.resolve();
    },
    pull,
    close: pull,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
