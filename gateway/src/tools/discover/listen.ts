import { errorMessage, PlantroomError } from '@plantroom/contracts';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import type { MqttConnection } from '../../config/gateway-config.ts';
import { readPayload } from '../../drivers/mqtt/payload.ts';
import type { ToolIo } from '../tool.ts';
import type { Gathering } from './gather.ts';

const connectTimeoutMs = 10_000;
/** A bridge with hundreds of devices lists all of them, with everything they expose, in one message. */
const mostBytes = 16_777_216;

export interface ListenOptions {
  connection: MqttConnection;
  filters: readonly string[];
  /** Published after subscribing, so that devices announce themselves. */
  asks: readonly { topic: string; payload: string }[];
  seconds: number;
  gathering: Gathering;
  io: ToolIo;
  /** Told for each new device. */
  found(name: string): void;
}

/**
 * Listens for so long or until the person has had enough; the broker sends what it has retained first. A session of its own that leaves
 * nothing behind. Throws DISCOVER_CONNECT. True: it was not cut short by the broker.
 */
export async function listen(options: ListenOptions): Promise<boolean> {
  const { connection, filters, asks, io } = options;
  const client = await connect(connection);
  const ended = new Promise<boolean>((resolve) => {
    const cancel = io.clock.after(options.seconds * 1000, () => resolve(true));
    const end = (whole: boolean) => (): void => {
      cancel();
      resolve(whole);
    };
    if (io.signal.aborted) end(true)();
    io.signal.addEventListener('abort', end(true), { once: true });
    client.once('close', end(false));
  });
  client.on('error', (error) => io.note(`${connection.url}: ${errorMessage(error)}\n`));
  client.on('message', (topic, bytes, { retain }) => {
    const payload = readPayload(bytes, mostBytes);
    if (payload.kind === 'unusable') options.gathering.fault(topic, payload.why);
    else {
      const findings = options.gathering.add({ topic, payload: payload.value, retained: retain });
      for (const { name, key } of findings) options.found(name ?? key);
    }
  });
  try {
    // A session that breaks before the answer ends the listening, which is told there.
    await Promise.race([subscribe(client, filters, io), ended]);
    for (const { topic, payload } of asks) client.publish(topic, payload, { qos: 0 });
    return await ended;
  } finally {
    client.end(true);
  }
}

async function connect({ url, username, password, version }: MqttConnection): Promise<MqttClient> {
  const options: IClientOptions = {
    clientId: `plantroom-discover-${process.pid}`,
    clean: true,
    reconnectPeriod: 0,
    connectTimeout: connectTimeoutMs,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(version === '5' ? { protocolVersion: 5 } : {}),
  };
  try {
    return await connectAsync(url, options, false);
  } catch (error) {
    throw new PlantroomError('DISCOVER_CONNECT', `${url} cannot be reached: ${errorMessage(error)}`, { cause: error });
  }
}

async function subscribe(client: MqttClient, filters: readonly string[], io: ToolIo): Promise<void> {
  try {
    const granted = await client.subscribeAsync([...filters], { qos: 0 });
    for (const { topic } of granted.filter(({ qos }) => qos >= 128)) io.note(`The broker refuses "${topic}"\n`);
  } catch (error) {
    if (client.connected) io.note(`The broker refuses some of the topics: ${errorMessage(error)}\n`);
  }
}
