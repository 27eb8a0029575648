import { type CountingDevice, countingDevice } from '../../helpers/counting-device.ts';
import { BenchBed, type BenchOptions, pause, untilStill } from '../bed/bench-bed.ts';
import { type Child, startChild, stopProcess } from '../bed/child.ts';
import { writeSensorFiles } from '../bed/gateway-files.ts';
import { type Figure, load } from '../report.ts';

const devices = 50;
const perS = 200;
const kills = 5;
const betweenMs = 5000;
const patienceMs = 60_000;

interface Counters {
  distinct: number;
  devices: number;
  repeats: number;
}

/** The gateway is killed again and again while devices publish with QoS 1 through a real broker, and started at once, as a supervisor does. */
export async function gatewayKill(options: BenchOptions): Promise<Figure[]> {
  const bed = await BenchBed.open();
  try {
    const { broker } = bed;
    const sinks = bed.add(startChild('sinks.ts'));
    const { port } = await sinks.ask<{ port: number }>('start', { broker: broker.url });
    const device = await countingDevice();
    bed.atEnd(() => device.close());
    const uplinks = { broker: broker.url, linePort: port };
    const files = await writeSensorFiles(bed.folder, { devices, counters: [device.port], ...uplinks });
    let gateway = await bed.startGateway(files, options);
    const publishers = bed.add(startChild('publishers.ts'));
    await publishers.ask('connect', { url: broker.url, devices, connections: 1 });
    await sinks.ask('countCounters');
    const before = await untilAllHeard(sinks, publishers);
    const seconds = ((kills + 1) * betweenMs) / 1000;
    const published = publishers.ask<{ sent: number }>('publish', { rate: perS, seconds, mostSeconds: seconds * 4 });
    const pollingMs: number[] = [];
    for (let kill = 0; kill < kills; kill++) {
      await pause(betweenMs);
      gateway.kill('SIGKILL');
      await stopProcess(gateway);
      const polling = untilPolled(device);
      gateway = await bed.startGateway(files, options);
      pollingMs.push(await polling);
    }
    const { sent } = await published;
    const counters = (): Promise<Counters> => sinks.ask('counters');
    await untilStill(async () => (await counters()).distinct, patienceMs);
    const after = await counters();
    const arrived = after.distinct - before.distinct;
    return [
      {
        name: 'gateway-kill messages lost',
        measured: sent - arrived,
        unit: '',
        limit: { at: 0, sense: 'at most' },
        note: `${arrived} of ${sent} arrived, ${after.repeats} twice or out of turn; ${kills} kills, ${broker.name}, load ${load()}`,
      },
      {
        name: 'gateway-kill polling again, longest of all',
        measured: Math.max(...pollingMs) / 1000,
        unit: 's',
        limit: { at: 1.5, sense: 'at most' },
        note: `from the kill to the first request at a device, the start of Node included: ${pollingMs.map((ms) => (ms / 1000).toFixed(2)).join(', ')} s`,
      },
    ];
  } finally {
    await bed.close();
  }
}

/** Answers how long it took, ms. */
async function untilPolled(device: CountingDevice): Promise<number> {
  const sinceMs = performance.now();
  const { served } = device;
  while (device.served === served) {
    await pause(5);
    if (performance.now() - sinceMs > patienceMs) throw new Error('the gateway polls no more');
  }
  return performance.now() - sinceMs;
}

/** The gateway has subscribed and every sensor has come through once. */
async function untilAllHeard(sinks: Child, publishers: Child): Promise<Counters> {
  for (let tries = 0; tries < 30; tries++) {
    await publishers.ask('once');
    await pause(1500);
    const { devices: heard } = await sinks.ask<Counters>('counters');
    if (heard === devices) {
      await sinks.ask('forgetGaps');
      return sinks.ask('counters');
    }
  }
  throw new Error(`not every one of ${devices} sensors came through`);
}
