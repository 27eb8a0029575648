import { metricProperties, parseSparkplugTopic, sparkplugStateTopic, sparkplugTopic } from '@plantroom/contracts';
import { connectAsync, type MqttClient } from 'mqtt';
import {
  decodePayload,
  encodePayload,
  toNumber,
  type UMetric,
  type UPropertyValue,
} from '../uplink/sparkplug/payload.ts';

export interface HeardMetric {
  name: string | undefined;
  alias: number | undefined;
  type: string;
  value: unknown;
  timestamp: number;
  historical: boolean;
  properties: Record<string, unknown>;
}

export interface HeardMessage {
  type: string;
  device: string | undefined;
  seq: number | undefined;
  qos: number;
  retain: boolean;
  metrics: HeardMetric[];
}

/** A metric of a DCMD: by name, by alias or both; `id` and `point` are our own properties, left out as a foreign host does. */
export type CommandMetric = Pick<UMetric, 'type' | 'value'> & {
  name?: string;
  alias?: number;
  id?: string;
  point?: string;
};

/** A bare host application for tests: hears everything in order, says STATE and commands when told to. */
export class TestHost {
  readonly messages: HeardMessage[] = [];
  readonly #client: MqttClient;

  private constructor(client: MqttClient) {
    this.#client = client;
  }

  static async connect(url: string): Promise<TestHost> {
    const client = await connectAsync(url, { clientId: 'test-host', reconnectPeriod: 20 });
    const host = new TestHost(client);
    client.on('message', (topic, payload, packet) => {
      if (topic.includes('/STATE/')) return;
      const { type, device } = parseSparkplugTopic(topic);
      if (type === 'NCMD' || type === 'DCMD') return;
      const { seq, metrics } = decodePayload(payload);
      host.messages.push({
        type,
        device,
        seq: seq === undefined || seq === null ? undefined : toNumber(seq),
        qos: packet.qos,
        retain: packet.retain,
        metrics: (metrics ?? []).map(heardMetric),
      });
    });
    await client.subscribeAsync('spBv1.0/#', { qos: 1 });
    return host;
  }

  async state(online: boolean, timestamp: number): Promise<void> {
    const payload = JSON.stringify({ online, timestamp });
    await this.#client.publishAsync(sparkplugStateTopic('plantroom'), payload, { qos: 1, retain: true });
  }

  async command(group: string, node: string, metrics: UMetric[]): Promise<void> {
    const payload = encodePayload({ timestamp: 0, metrics });
    await this.#client.publishAsync(sparkplugTopic({ group, type: 'NCMD', node }), Buffer.from(payload));
  }

  async deviceCommand(
    to: { group: string; node: string; device: string },
    metrics: readonly CommandMetric[],
    { sentMs, retain }: { sentMs: number | null; retain: boolean },
  ): Promise<void> {
    const payload = encodePayload({
      ...(sentMs === null ? {} : { timestamp: sentMs }),
      metrics: metrics.map(({ id, point, ...metric }) => ({ ...metric, ...propertiesOf({ id, point }) })),
    });
    await this.#client.publishAsync(sparkplugTopic({ ...to, type: 'DCMD' }), Buffer.from(payload), { qos: 1, retain });
  }

  /** Any other message, QoS 1. */
  async publish(topic: string, payload: string): Promise<void> {
    await this.#client.publishAsync(topic, payload, { qos: 1 });
  }

  /** Types in the order heard, those of devices with the device. */
  types(): string[] {
    return this.messages.map(({ type, device }) => (device === undefined ? type : `${type} ${device}`));
  }

  of(type: string): HeardMessage[] {
    return this.messages.filter((message) => message.type === type);
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
  }
}

function propertiesOf({
  id,
  point,
}: {
  id: string | undefined;
  point: string | undefined;
}): Pick<UMetric, 'properties'> {
  const properties: Record<string, UPropertyValue> = {};
  if (id !== undefined) properties[metricProperties.commandId] = { type: 'String', value: id };
  if (point !== undefined) properties[metricProperties.commandPoint] = { type: 'String', value: point };
  return { properties };
}

function heardMetric(metric: UMetric): HeardMetric {
  const properties = Object.entries(metric.properties ?? {}) as [string, UPropertyValue][];
  return {
    name: metric.name ?? undefined,
    alias: metric.alias === undefined || metric.alias === null ? undefined : toNumber(metric.alias),
    type: metric.type,
    value: plain(metric.value),
    timestamp: toNumber(metric.timestamp),
    historical: metric.isHistorical === true,
    properties: Object.fromEntries(properties.map(([key, { value }]) => [key, plain(value)])),
  };
}

function plain(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'toNumber' in value ? toNumber(value) : value;
}
