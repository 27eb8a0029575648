import { type Logger, silentLogger, VirtualClock } from '@plantroom/contracts';
import { vi } from 'vitest';
import { type Broker, startBroker } from '../../broker/start-broker.ts';
import type { SparkplugHost } from '../ingest-options.ts';
import { createSparkplugHost } from '../sparkplug-host.ts';
import { EdgeNode } from './edge-node.ts';
import { RecordingSink } from './recording-sink.ts';
import type { UMetric } from './sparkplug-b.ts';

/** When the tests with a bed begin. */
export const t = Date.UTC(2026, 0, 20, 8);

export const flow = (value: number, timestamp: number, more: Partial<UMetric> = {}): UMetric => ({
  alias: 1,
  type: 'Double',
  value,
  timestamp,
  ...more,
});

export const flowBirth = (value: number, timestamp: number): UMetric => ({
  ...flow(value, timestamp),
  name: 'pump-1/flow',
  properties: {
    Quality: { type: 'Int32', value: 192 },
    unit: { type: 'String', value: 'm3_h' },
    class: { type: 'String', value: 'pump' },
    profile: { type: 'String', value: 'acme/p1' },
    silenceMs: { type: 'UInt64', value: 15_000 },
    lane: { type: 'String', value: 'live' },
  },
});

/** A host on a real broker with one edge node, `hq/edge-1`, which has one device with one point. */
export class HostBed {
  readonly clock = new VirtualClock(t);
  readonly sink = new RecordingSink();
  /** What the host was told of outboxes, as it came. */
  readonly outboxes: string[] = [];
  /** What it told of the broker and of safety lanes. */
  readonly links: string[] = [];
  readonly logger = { ...silentLogger, error: vi.fn<Logger['error']>() };
  broker!: Broker;
  host!: SparkplugHost;
  node!: EdgeNode;
  url!: string;

  async open(): Promise<this> {
    await this.openBroker(0);
    this.url = `mqtt://127.0.0.1:${this.broker.port}`;
    await this.connectNode(7);
    return this;
  }

  async openBroker(port: number): Promise<void> {
    this.broker = await startBroker({ host: '127.0.0.1', port, logger: silentLogger });
  }

  /** The node, new, with this bdSeq. */
  async connectNode(bdSeq: number): Promise<void> {
    this.node = new EdgeNode(this.url, { group: 'hq', node: 'edge-1', hostId: 'plantroom' });
    await this.node.connect(bdSeq);
  }

  async start(knownGateways: string[] = []): Promise<void> {
    const { url, clock, logger, sink, node } = this;
    const onOutbox = (gateway: string, text: string): void => void this.outboxes.push(`${gateway} ${text}`);
    this.host = createSparkplugHost({
      url,
      hostId: 'plantroom',
      clock,
      logger,
      sink,
      knownGateways,
      onOutbox,
      onOnline: () => this.links.push('broker'),
      onLost: () => this.links.push('no broker'),
      onSafetyLane: (gateway, isBehind) => this.links.push(`${gateway} ${isBehind ? 'behind' : 'whole'}`),
    });
    await this.host.start();
    await node.until(() => node.states.some((state) => state.includes('"online":true')));
  }

  async born(): Promise<void> {
    await this.node.nodeBirth();
    await this.node.publish('DBIRTH', 'drive-1', [flowBirth(5, t)]);
    await this.sink.saw('live hq/pump-1/flow 5');
  }

  async close(): Promise<void> {
    await this.host.stop();
    await this.node.stop();
    await this.broker.stop();
  }
}
