import { connect, type Socket } from 'node:net';
import { counterPoint } from '../bed/gateway-files.ts';
import { answerParent } from './answer.ts';

/**
 * Devices that publish with QoS 1, as cheap as they can be: frames of MQTT 3.1.1 written in bundles, several hundred devices to a connection.
 * Each message carries the count of its device's messages.
 */
const tickMs = 5;
const unacknowledged = 20_000;

class Publisher {
  readonly #socket: Socket;
  #ackBytes = 0;
  #sent = 0;
  #packetId = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    // CONNACK is four bytes, and so is each PUBACK.
    socket.on('data', (bytes) => {
      this.#ackBytes += bytes.length;
    });
  }

  static async connect(host: string, port: number, clientId: string): Promise<Publisher> {
    const socket = connect({ host, port, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('connect', () => resolve());
    });
    const publisher = new Publisher(socket);
    const id = Buffer.from(clientId);
    const head = Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 0, 0, id.length]);
    socket.write(Buffer.concat([Buffer.from([0x10, head.length + id.length]), head, id]));
    return publisher;
  }

  get waiting(): number {
    return this.#sent - Math.max(0, this.#ackBytes / 4 - 1);
  }

  publish(messages: readonly { topic: string; payload: string }[]): void {
    if (messages.length === 0) return;
    const frames: string[] = [];
    for (const { topic, payload } of messages) {
      this.#packetId = (this.#packetId % 0xffff) + 1;
      frames.push(frame(topic, payload, this.#packetId));
    }
    this.#sent += messages.length;
    this.#socket.write(frames.join(''), 'latin1');
  }
}

/** PUBLISH with QoS 1; topic and payload are ASCII. */
function frame(topic: string, payload: string, packetId: number): string {
  const length = 2 + topic.length + 2 + payload.length;
  const size = length < 128 ? String.fromCharCode(length) : String.fromCharCode((length & 0x7f) | 0x80, length >>> 7);
  const short = (value: number): string => String.fromCharCode(value >>> 8, value & 0xff);
  return `\x32${size}${short(topic.length)}${topic}${short(packetId)}${payload}`;
}

let publishers: Publisher[] = [];
let counts: number[] = [];

function nextMessage(device: number): { topic: string; payload: string } {
  counts[device] = (counts[device] ?? 0) + 1;
  const payload = `{"${counterPoint}":${counts[device]},"temperature":${20 + (device % 50) / 10},"humidity":${40 + (device % 30)}}`;
  return { topic: `bench/sensor-${device}`, payload };
}

function publishAll(devices: readonly number[]): void {
  const ofPublisher = publishers.map((): { topic: string; payload: string }[] => []);
  for (const device of devices) ofPublisher[device % publishers.length]?.push(nextMessage(device));
  publishers.forEach((publisher, i) => {
    publisher.publish(ofPublisher[i] ?? []);
  });
}

async function drained(): Promise<void> {
  while (publishers.some(({ waiting }) => waiting > 0)) await new Promise((resolve) => setTimeout(resolve, tickMs));
}

answerParent({
  async connect({ url, devices, connections }: { url: string; devices: number; connections: number }) {
    const { hostname, port } = new URL(url);
    publishers = await Promise.all(
      Array.from({ length: connections }, (_, i) => Publisher.connect(hostname, Number(port), `bench-publisher-${i}`)),
    );
    counts = new Array<number>(devices).fill(0);
  },
  /** One message of every device. */
  async once() {
    publishAll([...counts.keys()]);
    await drained();
  },
  /** At the rate, as far as the broker takes it and for at most `mostSeconds`; answers when the broker has acknowledged everything. */
  async publish({ rate, seconds, mostSeconds }: { rate: number; seconds: number; mostSeconds: number }) {
    const beganMs = Date.now();
    const total = rate * seconds;
    let sent = 0;
    while (sent < total && Date.now() - beganMs < mostSeconds * 1000) {
      const due = Math.min(total, Math.ceil(((Date.now() - beganMs) / 1000) * rate));
      const room = unacknowledged - Math.max(...publishers.map(({ waiting }) => waiting)) * publishers.length;
      const now = Math.min(due - sent, Math.max(0, room));
      publishAll(Array.from({ length: now }, (_, i) => (sent + i) % counts.length));
      sent += now;
      await new Promise((resolve) => setTimeout(resolve, tickMs));
    }
    await drained();
    return { sent, beganMs, endedMs: Date.now() };
  },
});
