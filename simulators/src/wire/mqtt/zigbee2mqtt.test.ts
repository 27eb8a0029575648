import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { describe, expect, it } from 'vitest';
import { Zigbee2Mqtt } from './zigbee2mqtt.ts';

const connectAck = Buffer.from([0x20, 0x02, 0x00, 0x00]);
const publishAck = (publish: Buffer): Buffer => {
  const topicLength = publish.readUInt16BE(2);
  return Buffer.from([0x40, 0x02, ...publish.subarray(4 + topicLength, 6 + topicLength)]);
};

/** A broker of bytes only: takes a connection and the first publish (the bridge's birth), then does with the next what it is told. */
async function stopAgainst(next: (socket: Socket) => void, clock = new VirtualClock()): Promise<void> {
  const sockets: Socket[] = [];
  let born = (): void => undefined;
  const birth = new Promise<void>((resolve) => {
    born = resolve;
  });
  const server = createServer((socket) => {
    sockets.push(socket);
    let packets = 0;
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      packets++;
      if (packets === 1) socket.write(connectAck);
      else if (packets === 2) {
        socket.write(publishAck(data));
        born();
      } else next(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bridge = new Zigbee2Mqtt({
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    devices: [],
    classes: new Map(),
    readerOf: () => () => undefined,
    faultOf: () => undefined,
    clock,
    logger: silentLogger,
  });
  bridge.start();
  await birth;
  try {
    await bridge.stop();
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

describe('stopping while the broker goes away', () => {
  it('ends when the connection is lost before the goodbye was taken', async () => {
    await expect(stopAgainst((socket) => socket.destroy())).resolves.toBeUndefined();
  });

  it('ends two seconds after a goodbye that nobody takes', async () => {
    const clock = new VirtualClock();
    await expect(stopAgainst(() => clock.advance(2000), clock)).resolves.toBeUndefined();
  });
});
