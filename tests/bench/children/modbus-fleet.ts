import { createServer, type Server, type Socket } from 'node:net';
import { fleetAddress, fleetPort, floats, peerAddress } from '../bed/fleet-addresses.ts';
import { answerParent } from './answer.ts';

/** Real Modbus TCP servers, as cheap as they can be: a reading takes them a copy and thirty stores. */
const requestBytes = 12;
const headBytes = 9;
const responseBytes = headBytes + floats * 4;

/** Answers to the gateway, by device; and all answers to the peer. */
const served: number[] = [];
let servedToPeer = 0;
const sockets = new Set<Socket>();
const servers: Server[] = [];
let frozen = false;
let odd = 0;
let noise = 1;

function connected(device: number, socket: Socket): void {
  sockets.add(socket);
  socket.setNoDelay(true);
  const isPeer = socket.remoteAddress === peerAddress;
  socket.on('close', () => sockets.delete(socket));
  socket.on('error', () => undefined);
  const floatsOf = new DataView(new ArrayBuffer(floats * 4));
  change(floatsOf);
  socket.on('data', (bytes) => {
    for (let at = 0; at + requestBytes <= bytes.length; at += requestBytes) {
      // A read of all registers of the device, in one piece, is all that the bench's profile can ask.
      if (bytes.readUInt16BE(at + 4) !== 6 || bytes[at + 7] !== 3 || bytes.readUInt16BE(at + 10) !== floats * 2) {
        odd += 1;
        continue;
      }
      const response = Buffer.allocUnsafe(responseBytes);
      bytes.copy(response, 0, at, at + 4);
      response.writeUInt16BE(responseBytes - 6, 4);
      response[6] = bytes[at + 6] ?? 0;
      response[7] = 3;
      response[8] = floats * 4;
      // Every poll finds every value changed, so that what must arrive is known: polls × floats.
      if (!frozen) {
        change(floatsOf);
        if (isPeer) servedToPeer += 1;
        else served[device] = (served[device] ?? 0) + 1;
      }
      response.set(new Uint8Array(floatsOf.buffer), headBytes);
      socket.write(response);
    }
  });
}

/** Measured values: some hundred, with noise in every digit that a float has. */
function change(view: DataView): void {
  for (let i = 0; i < floats; i++) {
    noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) >>> 0;
    view.setFloat32(i * 4, 100 + i * 10 + noise / 2 ** 32);
  }
}

async function listen(device: number): Promise<void> {
  const server = createServer((socket) => connected(device, socket));
  servers.push(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EMFILE' ? new Error(`too few file descriptors for device ${device + 1}: ulimit -n`) : error,
      ),
    );
    server.listen({ host: fleetAddress(device), port: fleetPort, backlog: 16 }, () => resolve());
  });
}

answerParent({
  async listen({ devices }: { devices: number }) {
    for (let device = 0; device < devices; device++) {
      served[device] = 0;
      await listen(device);
    }
  },
  counts: () => ({
    served: served.reduce((sum, count) => sum + count, 0),
    perDevice: served,
    servedToPeer,
    connections: sockets.size,
    odd,
  }),
  /** Values stand still and polls are counted no more: what has been served has to arrive. */
  freeze() {
    frozen = true;
  },
});
