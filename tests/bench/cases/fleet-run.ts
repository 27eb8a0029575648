import { BenchBed, type BenchOptions, pause, type SinkCounts, untilStill } from '../bed/bench-bed.ts';
import { type Child, startChild } from '../bed/child.ts';
import { needFiles } from '../bed/file-limit.ts';
import { floats } from '../bed/fleet-addresses.ts';
import { writeFleetFiles } from '../bed/gateway-files.ts';
import { cpuWindow, type Memory, memory } from '../bed/proc-figures.ts';
import { load } from '../report.ts';

export interface FleetFigures {
  devices: number;
  /** Share of one core over the window, percent. */
  gatewayCpu: number;
  brokerCpu: number;
  fleetCpu: number;
  memory: Memory;
  /** Polls served in the window against devices × seconds, percent. */
  dueShare: number;
  slowestDevicePolls: number;
  windowS: number;
  /** Readings that the fleet gave out, from the first poll to the freeze, and what arrived of them. */
  given: number;
  fields: number;
  metrics: number;
  startS: number;
  load: string;
}

export interface PollerFigures {
  cpu: number;
  dueShare: number;
  memory: Memory;
}

interface FleetCounts {
  served: number;
  perDevice: number[];
  connections: number;
  odd: number;
}

/** Connections, polls of every device, and some more for the compiler of the engine to have settled. */
const warmUpMs = 10_000;

/** The real gateway over a fleet of real servers, both uplinks on; then, over the same fleet, the bare library. */
export async function runFleet(
  devices: number,
  options: BenchOptions & { peer: boolean },
): Promise<{ gateway: FleetFigures; poller: PollerFigures | undefined }> {
  needFiles(devices);
  const bed = await BenchBed.open();
  try {
    const fleet = bed.add(startChild('modbus-fleet.ts'));
    await fleet.ask('listen', { devices });
    const sinks = bed.add(startChild('sinks.ts'));
    const { port } = await sinks.ask<{ port: number }>('start', { broker: bed.broker.url });
    const files = writeFleetFiles(bed.folder, { devices, broker: bed.broker.url, linePort: port });
    const gateway = await measureGateway({ bed, fleet, sinks, devices, files, options });
    const poller = options.peer ? await measurePoller({ bed, fleet, devices, options }) : undefined;
    return { gateway, poller };
  } finally {
    await bed.close();
  }
}

interface Parts {
  bed: BenchBed;
  fleet: Child;
  devices: number;
  options: BenchOptions;
}

async function measureGateway({
  bed,
  fleet,
  sinks,
  devices,
  files,
  options,
}: Parts & { sinks: Child; files: ReturnType<typeof writeFleetFiles> }): Promise<FleetFigures> {
  const beganMs = performance.now();
  const program = await bed.startGateway(files, options);
  const startS = (performance.now() - beganMs) / 1000;
  await untilPolled(fleet, devices);
  await pause(warmUpMs);
  const pids = { gateway: program.pid, broker: bed.broker.pid, fleet: fleet.pid };
  const before = await fleet.ask<FleetCounts>('counts');
  const end = cpuWindow(pids);
  await pause(options.seconds * 1000);
  const cpu = end();
  const after = await fleet.ask<FleetCounts>('counts');
  const atEnd = memory(program.pid);
  const loadThen = load();
  await fleet.ask('freeze');
  const { served, odd } = await fleet.ask<FleetCounts>('counts');
  if (odd > 0) throw new Error(`${odd} requests were not the one that was expected`);
  const arrived = async (): Promise<number> => {
    const { fields, metrics } = await sinks.ask<SinkCounts>('counts');
    return fields + metrics;
  };
  await untilStill(arrived, 20_000);
  const { fields, metrics } = await sinks.ask<SinkCounts>('counts');
  const exited = new Promise<void>((resolve) => program.once('exit', () => resolve()));
  program.kill('SIGTERM');
  await exited;
  await fleet.ask('thaw');
  const windowS = cpu.ms / 1000;
  const polls = after.perDevice.map((count, i) => count - (before.perDevice[i] ?? 0));
  return {
    devices,
    gatewayCpu: cpu.gateway,
    brokerCpu: cpu.broker,
    fleetCpu: cpu.fleet,
    memory: atEnd,
    dueShare: ((after.served - before.served) / (devices * windowS)) * 100,
    slowestDevicePolls: Math.min(...polls),
    windowS,
    given: served * floats,
    fields,
    metrics,
    startS,
    load: loadThen,
  };
}

async function measurePoller({ bed, fleet, devices, options }: Parts): Promise<PollerFigures> {
  const poller = startChild('bare-poller.ts');
  bed.add(poller);
  await poller.ask('poll', { devices });
  await untilPolled(fleet, devices);
  await pause(warmUpMs / 2);
  const before = await fleet.ask<FleetCounts>('counts');
  const end = cpuWindow({ poller: poller.pid });
  await pause((options.seconds * 1000) / 2);
  const { poller: cpu, ms } = end();
  const after = await fleet.ask<FleetCounts>('counts');
  const atEnd = memory(poller.pid);
  await poller.stop();
  return { cpu, dueShare: ((after.served - before.served) / ((devices * ms) / 1000)) * 100, memory: atEnd };
}

async function untilPolled(fleet: Child, devices: number): Promise<void> {
  const endMs = performance.now() + 60_000;
  for (;;) {
    const { perDevice } = await fleet.ask<FleetCounts>('counts');
    const silent = perDevice.filter((count) => count === 0).length;
    if (silent === 0) return;
    if (performance.now() > endMs) throw new Error(`${silent} of ${devices} devices have not been polled within 60 s`);
    await pause(200);
  }
}
