import { BenchBed, type BenchOptions, pause, type SinkCounts, untilStill } from '../bed/bench-bed.ts';
import { type Child, startChild } from '../bed/child.ts';
import { needFiles } from '../bed/file-limit.ts';
import { type GatewayCounters, gatewayCounters } from '../bed/gateway-counters.ts';
import { writeFleetFiles } from '../bed/gateway-files.ts';
import { cpuWindow, type Memory, memory } from '../bed/proc-figures.ts';
import { load } from '../report.ts';

export interface FleetFigures {
  devices: number;
  /** Shares of one core over the window, percent. */
  cpu: { gateway: number; broker: number; fleet: number };
  /** CPU time of the gateway for a poll, µs. */
  pollUs: number;
  memory: Memory;
  /** Polls answered in the window against devices × seconds, percent. */
  dueShare: number;
  slowestDevicePolls: number;
  windowS: number;
  peer: PollerFigures | undefined;
  /** Readings that waited for an uplink when the window ended: a backlog, no loss. */
  waiting: { lines: number; sparkplug: number };
  /** From the first poll on, when nothing moved any more. */
  counters: GatewayCounters;
  fields: number;
  metrics: number;
  startS: number;
  load: string;
}

export interface PollerFigures {
  devices: number;
  pollUs: number;
  dueShare: number;
  memory: Memory;
}

interface FleetCounts {
  served: number;
  perDevice: number[];
  servedToPeer: number;
  connections: number;
  odd: number;
}

/** Connections, polls of every device, and some more for the compiler of the engine to have settled. */
const warmUpMs = 10_000;
/** A fleet of which no further device has been polled for so long will not be polled. */
const stuckMs = 60_000;
/** For what the uplinks are behind. */
const drainMs = 60_000;
/** Of devices that the peer polls beside the gateway: enough for a mean, too few to stand in its way. */
const mostPeerDevices = 100;

/**
 * The real gateway over a fleet of real servers, both uplinks on. The bare library polls some of the same servers at the same time, so that
 * whatever the machine does to the one it does to the other.
 */
export async function runFleet(devices: number, options: BenchOptions & { peer: boolean }): Promise<FleetFigures> {
  needFiles(devices);
  const bed = await BenchBed.open();
  try {
    const fleet = bed.add(startChild('modbus-fleet.ts'));
    await fleet.ask('listen', { devices });
    const sinks = bed.add(startChild('sinks.ts'));
    const { port } = await sinks.ask<{ port: number }>('start', { broker: bed.broker.url });
    const files = await writeFleetFiles(bed.folder, { devices, broker: bed.broker.url, linePort: port });
    const beganMs = performance.now();
    const program = await bed.startGateway(files, options);
    const startS = (performance.now() - beganMs) / 1000;
    await untilPolled(fleet, devices);
    const peer = options.peer ? await startPeer(bed, devices) : undefined;
    await pause(warmUpMs);
    const window = await measure({ bed, fleet, peer, pid: program.pid, devices, seconds: options.seconds });
    const atEnd = await gatewayCounters(files.metricsPort);
    await fleet.ask('freeze');
    const { odd } = await fleet.ask<FleetCounts>('counts');
    if (odd > 0) throw new Error(`${odd} requests were not the one that was expected`);
    const arrived = await drained({ sinks, metricsPort: files.metricsPort });
    return {
      ...window,
      ...arrived,
      devices,
      waiting: { lines: atEnd.pendingLines, sparkplug: atEnd.pendingSparkplug },
      startS,
    };
  } finally {
    await bed.close();
  }
}

async function startPeer(bed: BenchBed, devices: number): Promise<{ child: Child; devices: number }> {
  const child = bed.add(startChild('bare-poller.ts'));
  const some = Math.min(devices, mostPeerDevices);
  await child.ask('poll', { devices: some });
  return { child, devices: some };
}

async function measure({
  bed,
  fleet,
  peer,
  pid,
  devices,
  seconds,
}: {
  bed: BenchBed;
  fleet: Child;
  peer: { child: Child; devices: number } | undefined;
  pid: number;
  devices: number;
  seconds: number;
}): Promise<
  Pick<FleetFigures, 'cpu' | 'pollUs' | 'memory' | 'dueShare' | 'slowestDevicePolls' | 'windowS' | 'peer' | 'load'>
> {
  const pids = { gateway: pid, broker: bed.broker.pid, fleet: fleet.pid, poller: peer?.child.pid ?? pid };
  const before = await fleet.ask<FleetCounts>('counts');
  const end = cpuWindow(pids);
  await pause(seconds * 1000);
  const { ms, poller, ...cpu } = end();
  const after = await fleet.ask<FleetCounts>('counts');
  const windowS = ms / 1000;
  const us = (share: number, polls: number): number => (share * ms * 10) / polls;
  const polls = after.served - before.served;
  const peerPolls = after.servedToPeer - before.servedToPeer;
  return {
    cpu,
    pollUs: us(cpu.gateway, polls),
    memory: memory(pid),
    dueShare: (polls / (devices * windowS)) * 100,
    slowestDevicePolls: Math.min(...after.perDevice.map((count, i) => count - (before.perDevice[i] ?? 0))),
    windowS,
    load: load(),
    peer:
      peer === undefined
        ? undefined
        : {
            devices: peer.devices,
            pollUs: us(poller, peerPolls),
            dueShare: (peerPolls / (peer.devices * windowS)) * 100,
            memory: memory(peer.child.pid),
          },
  };
}

/** Waits until the uplinks have delivered what is in the outbox and the receivers have taken it, but not for ever. */
async function drained({
  sinks,
  metricsPort,
}: {
  sinks: Child;
  metricsPort: number;
}): Promise<Pick<FleetFigures, 'counters' | 'fields' | 'metrics'>> {
  const endMs = performance.now() + drainMs;
  let counters = await gatewayCounters(metricsPort);
  while (counters.pendingLines + counters.pendingSparkplug > 0 && performance.now() < endMs) {
    await pause(1000);
    counters = await gatewayCounters(metricsPort);
  }
  const arrived = async (): Promise<number> => {
    const { fields, metrics } = await sinks.ask<SinkCounts>('counts');
    return fields + metrics;
  };
  await untilStill(arrived, 10_000);
  // Once more: what has grown old meanwhile counts on both sides.
  counters = await gatewayCounters(metricsPort);
  const { fields, metrics } = await sinks.ask<SinkCounts>('counts');
  return { counters, fields, metrics };
}

async function untilPolled(fleet: Child, devices: number): Promise<void> {
  let silent = devices;
  for (let sinceMs = performance.now(); ; await pause(200)) {
    const { perDevice } = await fleet.ask<FleetCounts>('counts');
    const now = perDevice.filter((count) => count === 0).length;
    if (now === 0) return;
    if (now < silent) sinceMs = performance.now();
    silent = now;
    if (performance.now() - sinceMs > stuckMs)
      throw new Error(
        `${silent} of ${devices} devices have not been polled, and no further one for ${stuckMs / 1000} s`,
      );
  }
}
