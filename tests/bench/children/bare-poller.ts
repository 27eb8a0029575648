import { Socket } from 'node:net';
import { client as clients } from 'jsmodbus';
import { fleetAddress, fleetPort, floats, peerAddress, registers } from '../bed/fleet-addresses.ts';
import { answerParent } from './answer.ts';

/** The peer: the same polls through the library, floats decoded and dropped. No pipeline, no outbox, no uplink. */
let polls = 0;
let failures = 0;
let sum = 0;

function start(device: number, devices: number): Promise<void> {
  const socket = new Socket();
  socket.setNoDelay(true);
  const client = new clients.TCP(socket, 1, 2000);
  const poll = (): void => {
    client.readHoldingRegisters(0, registers).then(
      ({ response }) => {
        const bytes = response.body.valuesAsBuffer;
        for (let i = 0; i < floats; i++) sum += bytes.readFloatBE(i * 4);
        polls += 1;
      },
      () => {
        failures += 1;
      },
    );
  };
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.connect({ host: fleetAddress(device), port: fleetPort, localAddress: peerAddress }, () => {
      setTimeout(() => setInterval(poll, 1000), (device / devices) * 1000);
      resolve();
    });
  });
}

answerParent({
  async poll({ devices }: { devices: number }) {
    for (let device = 0; device < devices; device++) await start(device, devices);
  },
  counts: () => ({ polls, failures, sum }),
});
