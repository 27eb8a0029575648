import { BenchBed, type BenchOptions, type SinkCounts, untilStill } from '../bed/bench-bed.ts';
import { type Child, startChild } from '../bed/child.ts';
import { writeSensorFiles } from '../bed/gateway-files.ts';
import { cpuMs, memory } from '../bed/proc-figures.ts';
import { type Figure, load, rounded } from '../report.ts';

const devices = 1000;
const connections = 4;
/** What is offered: more than the limit, so that the rate reached is the gateway's and not the publishers'. */
const offeredPerS = 50_000;
const limitPerS = 40_000;
const longestOfferS = 8;
/** A machine that publishes more slowly than that sends less. */
const mostOfferS = 20;
/** For the backlog in the broker to drain. */
const patienceMs = 180_000;

interface Throughput {
  sent: number;
  perS: number;
  /** CPU time of the receiver for each message, µs. */
  cpuUs: number;
  brokerCpuUs: number;
}

/** What publishers offer over a real broker for some seconds, and how fast it is taken; a backlog waits in the broker's queue. */
export async function gatewayMqtt(options: BenchOptions): Promise<Figure[]> {
  const seconds = Math.min(options.seconds, longestOfferS);
  const gateway = await measureGateway({ ...options, seconds });
  const peer = await measureSubscriber(seconds);
  const bare = (measured: number): NonNullable<Figure['peer']> => ({ name: 'bare mqtt', measured });
  return [
    {
      name: 'gateway-mqtt rate reached',
      measured: gateway.perS,
      unit: 'msg/s',
      limit: { at: limitPerS, sense: 'at least' },
      peer: bare(peer.perS),
      note: `${gateway.broker}, offered ${rounded(gateway.offeredPerS)} msg/s on shared cores, load ${load()}`,
    },
    {
      name: 'gateway-mqtt rate at one whole core, by CPU time',
      measured: 1e6 / gateway.cpuUs,
      unit: 'msg/s',
      limit: { at: limitPerS, sense: 'at least' },
      peer: bare(1e6 / peer.cpuUs),
    },
    { name: 'gateway-mqtt CPU for a message', measured: gateway.cpuUs, unit: 'µs', peer: bare(peer.cpuUs) },
    { name: 'gateway-mqtt CPU of the broker for a message', measured: gateway.brokerCpuUs, unit: 'µs' },
    {
      name: 'gateway-mqtt messages lost',
      measured: gateway.sent - gateway.distinct,
      unit: '',
      limit: { at: 0, sense: 'at most' },
      note: `${gateway.distinct} of ${gateway.sent} arrived in line protocol, ${gateway.repeats} twice`,
    },
    {
      name: `gateway-mqtt memory, ${devices * 3} points`,
      measured: gateway.rssMb,
      unit: 'MB',
      limit: { at: 150, sense: 'at most' },
    },
  ];
}

interface Counters {
  distinct: number;
  devices: number;
  gaps: number;
  repeats: number;
}

async function measureGateway(
  options: BenchOptions,
): Promise<Throughput & { offeredPerS: number; distinct: number; repeats: number; rssMb: number; broker: string }> {
  const bed = await BenchBed.open();
  try {
    const { broker } = bed;
    const sinks = bed.add(startChild('sinks.ts'));
    const { port } = await sinks.ask<{ port: number }>('start', { broker: broker.url });
    const files = await writeSensorFiles(bed.folder, { devices, broker: broker.url, linePort: port });
    const program = await bed.startGateway(files, options);
    const publishers = await connectPublishers(bed);
    await sinks.ask('countCounters');
    const before = await untilAllHeard(sinks, publishers);
    const cpuBefore = cpuMs(program.pid);
    const brokerBefore = cpuMs(broker.pid);
    const { sent, beganMs, endedMs } = await offer(publishers, options.seconds);
    const counters = (): Promise<Counters> => sinks.ask('counters');
    await untilStill(async () => (await counters()).distinct, patienceMs);
    const after = await counters();
    const { lastFieldMs, lastMetricMs } = await sinks.ask<SinkCounts>('counts');
    // Line protocol is gathered for up to a second; Sparkplug shows when the last message was through the outbox.
    const elapsedS = (Math.min(lastFieldMs, lastMetricMs) - beganMs) / 1000;
    return {
      broker: broker.name,
      sent,
      offeredPerS: (sent * 1000) / (endedMs - beganMs),
      distinct: after.distinct - before.distinct,
      repeats: after.repeats,
      perS: sent / elapsedS,
      cpuUs: ((cpuMs(program.pid) - cpuBefore) * 1000) / sent,
      brokerCpuUs: ((cpuMs(broker.pid) - brokerBefore) * 1000) / sent,
      rssMb: memory(program.pid).rssMb,
    };
  } finally {
    await bed.close();
  }
}

async function measureSubscriber(seconds: number): Promise<Throughput> {
  const bed = await BenchBed.open();
  try {
    const subscriber = bed.add(startChild('bare-subscriber.ts'));
    await subscriber.ask('subscribe', { url: bed.broker.url });
    const publishers = await connectPublishers(bed);
    const cpuBefore = cpuMs(subscriber.pid);
    const brokerBefore = cpuMs(bed.broker.pid);
    const { sent, beganMs } = await offer(publishers, seconds);
    const counts = (): Promise<{ messages: number; lastMs: number }> => subscriber.ask('counts');
    const messages = await untilStill(async () => (await counts()).messages, patienceMs);
    const elapsedS = ((await counts()).lastMs - beganMs) / 1000;
    return {
      sent,
      perS: messages / elapsedS,
      cpuUs: ((cpuMs(subscriber.pid) - cpuBefore) * 1000) / messages,
      brokerCpuUs: ((cpuMs(bed.broker.pid) - brokerBefore) * 1000) / messages,
    };
  } finally {
    await bed.close();
  }
}

async function connectPublishers(bed: BenchBed): Promise<Child> {
  const publishers = bed.add(startChild('publishers.ts'));
  await publishers.ask('connect', { url: bed.broker.url, devices, connections });
  return publishers;
}

function offer(publishers: Child, seconds: number): Promise<{ sent: number; beganMs: number; endedMs: number }> {
  return publishers.ask('publish', { rate: offeredPerS, seconds, mostSeconds: mostOfferS });
}

/** The gateway has subscribed and every sensor has come through once. */
async function untilAllHeard(sinks: Child, publishers: Child): Promise<Counters> {
  for (let tries = 0; tries < 15; tries++) {
    await publishers.ask('once');
    await untilStill(async () => (await sinks.ask<Counters>('counters')).distinct, 10_000);
    const counters = await sinks.ask<Counters>('counters');
    if (counters.devices === devices) {
      await sinks.ask('forgetGaps');
      return sinks.ask('counters');
    }
  }
  throw new Error(`not every one of ${devices} sensors came through`);
}
