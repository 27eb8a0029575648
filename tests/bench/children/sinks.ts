import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { connectAsync } from 'mqtt';
import { counterPoint } from '../bed/gateway-files.ts';
import { answerParent } from './answer.ts';
import { countFields, eachValue } from './count-lines.ts';
import { countMetrics } from './count-metrics.ts';

/** Both receivers: a line-protocol endpoint that counts and answers 204, and a host that says that it is online and counts metrics. */
const counts = {
  fields: 0,
  requests: 0,
  requestBytes: 0,
  metrics: 0,
  messages: 0,
  messageBytes: 0,
  births: 0,
  lastFieldMs: 0,
  lastMetricMs: 0,
};
/** MQTT case: highest counter seen of each equipment, and what came out of turn or twice. */
const highest = new Map<string, number>();
let repeats = 0;
let gaps = 0;
let counting = false;

function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => resolve(Buffer.concat(parts)));
    request.on('error', reject);
  });
}

function take(body: Buffer): void {
  counts.fields += countFields(body);
  counts.lastFieldMs = Date.now();
  if (!counting) return;
  eachValue(body.toString('latin1'), counterPoint, (equipment, value) => {
    const before = highest.get(equipment) ?? 0;
    if (value <= before) repeats += 1;
    else {
      gaps += value - before - 1;
      highest.set(equipment, value);
    }
  });
}

const server = createServer((request, response) => {
  bodyOf(request).then(
    (raw) => {
      if (request.method === 'POST') {
        counts.requests += 1;
        counts.requestBytes += raw.length;
        take(request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw);
      }
      response.writeHead(204).end();
    },
    () => response.destroy(),
  );
});

answerParent({
  async start({ broker }: { broker: string }) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const client = await connectAsync(broker, { clientId: 'bench-host' });
    client.on('message', (topic, payload) => {
      const type = topic.split('/')[2];
      if (type === 'NBIRTH' || type === 'DBIRTH') counts.births += 1;
      if (type !== 'DDATA') return;
      counts.messages += 1;
      counts.messageBytes += payload.length;
      counts.metrics += countMetrics(payload);
      counts.lastMetricMs = Date.now();
    });
    await client.subscribeAsync('spBv1.0/+/+/#', { qos: 0 });
    const state = JSON.stringify({ online: true, timestamp: Date.now() });
    await client.publishAsync('spBv1.0/STATE/plantroom', state, { qos: 1, retain: true });
    return { port: (server.address() as AddressInfo).port };
  },
  counts: () => counts,
  countCounters() {
    counting = true;
  },
  /** What came before the measurement may have gaps: the gateway had not subscribed yet. */
  forgetGaps() {
    gaps = 0;
    repeats = 0;
  },
  counters: () => ({
    distinct: [...highest.values()].reduce((sum, value) => sum + value, 0) - gaps,
    devices: highest.size,
    gaps,
    repeats,
  }),
});
