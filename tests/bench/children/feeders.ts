import { nodeMetrics } from '@plantroom/contracts';
import { EdgeNode } from '../../../server/src/ingest/test-helpers/edge-node.ts';
import type { UMetric } from '../../../server/src/ingest/test-helpers/sparkplug-b.ts';
import { answerParent } from './answer.ts';

/**
 * Gateways as the server sees them: each second all points of every device, as Sparkplug and as line protocol, spread over the second. They say
 * how much they have sent as gateways of ours do. What the server does not take in time is taken later, never left out.
 */
interface Fleet {
  nodes: number;
  devicesPerNode: number;
  pumpsPerDevice: number;
}

interface Node {
  index: number;
  edge: EdgeNode;
  devices: Device[];
  /** Readings sent. */
  sent: number;
  posting: Promise<void>;
}

interface Device {
  name: string;
  pumps: string[];
  firstAlias: number;
}

/** Points of a pump, and around which value each moves. Their class has alarms on five of them. */
const points: readonly (readonly [name: string, unit: string, middle: number, swing: number])[] = [
  ['power', 'kW', 11, 2],
  ['current', 'A', 21, 3],
  ['speed', 'rpm', 1450, 30],
  ['frequency', 'Hz', 48, 2],
  ['torque', 'Nm', 70, 9],
  ['flow', 'm3_h', 36, 4],
  ['inlet-pressure', 'kPa', 180, 20],
  ['discharge-pressure', 'kPa', 520, 25],
  ['motor-temperature', 'degC', 61, 3],
  ['electronics-temperature', 'degC', 44, 3],
  ['bearing-temperature', 'degC', 52, 3],
  ['vibration-velocity-z', 'mm_s', 1.4, 0.4],
  ['vibration-velocity-x', 'mm_s', 1.2, 0.4],
  ['peak-velocity-z', 'mm_s', 2.2, 0.5],
  ['peak-velocity-x', 'mm_s', 2, 0.5],
  ['kurtosis-z', 'none', 3, 0.4],
  ['kurtosis-x', 'none', 3, 0.4],
  ['crest-factor-z', 'none', 3.4, 0.6],
  ['crest-factor-x', 'none', 3.3, 0.6],
  ['sensor-battery', 'percent', 88, 0.5],
];
const site = 'bench';
/** How far one device may be behind its second before it counts. */
const lateMs = 1000;

let nodes: Node[] = [];
let writeUrl = '';
let token = '';

/** Cheap, and different each second for every point. */
function pointValue(device: Device, pump: number, point: number, round: number): number {
  const [, , middle, swing] = points[point] ?? ['', '', 0, 0];
  const phase = (device.firstAlias + pump * 31 + point * 7 + round * 13) % 97;
  return Math.round((middle + swing * (phase / 48.5 - 1)) * 1000) / 1000;
}

function metrics(
  device: Device,
  { round, timestamp, birth }: { round: number; timestamp: number; birth: boolean },
): UMetric[] {
  return device.pumps.flatMap((pump, i) =>
    points.map(([name, unit], k): UMetric => {
      const metric: UMetric = {
        alias: device.firstAlias + i * points.length + k,
        type: 'Double',
        value: pointValue(device, i, k, round),
        timestamp,
      };
      if (!birth) return metric;
      return {
        ...metric,
        name: `${pump}/${name}`,
        properties: {
          Quality: { type: 'Int32', value: 192 },
          unit: { type: 'String', value: unit },
          class: { type: 'String', value: 'pump' },
          profile: { type: 'String', value: 'bench/pumps' },
          silenceMs: { type: 'UInt64', value: 15_000 },
          lane: { type: 'String', value: 'live' },
        },
      } as UMetric;
    }),
  );
}

function lines(device: Device, { round, timestamp }: { round: number; timestamp: number }): string[] {
  return device.pumps.map((pump, i) => {
    const fields = points.map(([name], k) => `${name}=${pointValue(device, i, k, round)}`);
    return `pump,site=${site},equipment=${pump} ${fields.join(',')} ${timestamp}`;
  });
}

const progress = (sent: number, timestamp: number): UMetric[] => [
  { name: nodeMetrics.watermark, type: 'DateTime', value: timestamp, timestamp },
  { name: nodeMetrics.positionOf('live'), type: 'UInt64', value: sent, timestamp },
  { name: nodeMetrics.countOf('live'), type: 'UInt64', value: sent, timestamp },
  { name: nodeMetrics.replayedOf('live'), type: 'UInt64', value: 0, timestamp },
];

async function post(body: string): Promise<void> {
  for (;;) {
    const answer = await fetch(writeUrl, { method: 'POST', headers: { authorization: `Token ${token}` }, body });
    if (answer.status === 204) return;
    const text = await answer.text();
    // As a gateway does: what may be retried is.
    if (answer.status !== 503 && answer.status !== 429) throw new Error(`write answered ${answer.status}: ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 1000 * Number(answer.headers.get('retry-after') ?? 1)));
  }
}

/** All devices of a node once. */
async function round(node: Node, number: number): Promise<number> {
  const timestamp = Date.now();
  const text: string[] = [];
  for (const device of node.devices) {
    const sent = metrics(device, { round: number, timestamp, birth: false });
    await node.edge.publish('DDATA', device.name, sent, timestamp);
    node.sent += sent.length;
    text.push(...lines(device, { round: number, timestamp }));
  }
  await node.edge.publish('NDATA', undefined, progress(node.sent, timestamp), timestamp);
  await node.posting;
  node.posting = post(text.join('\n'));
  node.posting.catch(() => undefined);
  return node.devices.length * (node.devices[0]?.pumps.length ?? 0) * points.length;
}

answerParent({
  async connect({ url, http, secret, fleet }: { url: string; http: string; secret: string; fleet: Fleet }) {
    writeUrl = `${http}/api/v2/write?org=bench&bucket=bench&precision=ms`;
    token = secret;
    const { devicesPerNode, pumpsPerDevice } = fleet;
    nodes = await Promise.all(
      Array.from({ length: fleet.nodes }, async (_, index): Promise<Node> => {
        const edge = new EdgeNode(url, { group: site, node: `edge-${index}`, hostId: 'plantroom' });
        await edge.connect(0);
        const devices = Array.from({ length: devicesPerNode }, (__, d) => ({
          name: `box-${d}`,
          pumps: Array.from({ length: pumpsPerDevice }, (___, p) => `pump-${index}-${d}-${p}`),
          firstAlias: 100 + d * pumpsPerDevice * points.length,
        }));
        return { index, edge, devices, sent: 0, posting: Promise.resolve() };
      }),
    );
    const timestamp = Date.now();
    for (const { edge, devices } of nodes) {
      await edge.nodeBirth(progress(0, timestamp), timestamp);
      for (const device of devices)
        await edge.publish('DBIRTH', device.name, metrics(device, { round: 0, timestamp, birth: true }), timestamp);
    }
    return { points: fleet.nodes * devicesPerNode * pumpsPerDevice * points.length };
  },
  /** Answers what was sent, and how often a node was more than a second behind. */
  async feed({ seconds }: { seconds: number }) {
    const beganMs = performance.now();
    let sent = 0;
    let late = 0;
    await Promise.all(
      nodes.map(async (node) => {
        for (let second = 0; second < seconds; second++) {
          const dueMs = beganMs + (second + node.index / nodes.length) * 1000;
          const waitMs = dueMs - performance.now();
          if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
          if (waitMs < -lateMs) late += 1;
          const more = await round(node, second + 1);
          sent += more;
        }
        await node.posting;
      }),
    );
    // The last of a second begins just before its end.
    return { sent, late, elapsedS: Math.max(seconds, (performance.now() - beganMs) / 1000) };
  },
  async stop() {
    await Promise.all(nodes.map(({ edge }) => edge.stop()));
  },
});
