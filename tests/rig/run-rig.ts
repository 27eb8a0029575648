import { type Clock, systemClock, type VirtualClock } from '@plantroom/contracts';
import { lineFaults } from './faults/line-faults.ts';
import { unitFaults } from './faults/unit-faults.ts';
import { rigClass, writeGatewayFiles } from './gateway-files.ts';
import { startGateway } from './gateway-under-test.ts';
import { RigLine } from './line.ts';
import { Random } from './random.ts';
import { compareRates, type LineRates, measureRates, type RatesMeasured } from './rates.ts';
import type { RigSpec } from './spec.ts';
import { within } from './time.ts';
import { type Injection, lineTrack, type TrackOptions, unitTrack } from './track.ts';
import { Completed } from './truth/completed.ts';
import { Journal } from './truth/journal.ts';
import { Judge, type Wrong } from './truth/judge.ts';
import { Ledger } from './truth/ledger.ts';
import { Recoveries } from './truth/recovery.ts';
import type { RigDevice, Serving } from './truth/serving.ts';
import { type Store, startStore } from './truth/store.ts';
import { startVirtualGateway } from './virtual-gateway.ts';
import { StallWatch } from './wire/stall.ts';

export interface RigOptions {
  /** The gateway runs in this process and on this clock; left out: it is a process of its own, and time is the machine's. */
  virtual?: VirtualClock;
  spec: RigSpec;
  seed: number;
  /** Gateway file, its outbox and log, and the truth as JSONL. */
  folder: string;
  storePort: number;
  /** After so long no fault begins any more, ms. Left out: each fault is dealt once. */
  forMs?: number;
  lengths: readonly number[];
  /** A device that is well again is left alone for so many polls. */
  restPolls: number;
  /** How long the first values are waited for, ms: a busy machine takes minutes to start a program. */
  startMs: number;
  /** How long a device is waited for, ms. */
  patienceMs: number;
  /** Devices of one line that misbehave at the same time. */
  atOnce: number;
  onInjection?(injection: Injection): void;
}

/** How a device came back, by the clock and in polls of sound devices. */
export interface Return {
  device: string;
  line: string;
  fault: string;
  /** Undefined: it did not, while the rig waited. */
  afterMs: number | undefined;
  /** Polls that the gateway completed meanwhile of each device of a line on which nothing had happened, on average. */
  polls: number | undefined;
}

export interface RigResult {
  injections: Injection[];
  returns: Return[];
  rates: LineRates[];
  wrong: readonly Wrong[];
  served: number;
  /** Requests that the rig did not answer because it had stood still itself. */
  passedOver: number;
  /** How long the rig itself stood still, ms: all of it and the longest. */
  stoodStill: { allMs: number; longestMs: number };
  stored: number;
  /** Points that were not good at the end. */
  notGood: string[];
  /** What the gateway sent and nobody could read: requests and lines. */
  unreadable: string[];
  crashes: readonly string[];
}

/** The whole rig: lines, store, gateway; then faults, until the time is up and every device has been waited for. */
export async function runRig(options: RigOptions): Promise<RigResult> {
  const { spec, seed, folder, virtual } = options;
  const clock = virtual ?? systemClock;
  const journal = new Journal(folder);
  const recoveries = new Recoveries();
  const completed = new Completed();
  const ledger = new Ledger((serving) => journal.note('served', briefly(serving)));
  const judge = new Judge({
    ledger,
    devices: spec.lines.flatMap((line) => line.devices),
    // Below the shortest turn-around of a device; wire times of one point are moved apart by a millisecond or two.
    handOverMs: 4,
    longestMs: Math.max(10_000, spec.timeoutMs * 4),
    measurement: rigClass,
    onGood: (device, point, serving, timeMs) => {
      recoveries.stored(device, point, serving, timeMs);
      completed.stored(device, serving, timeMs);
    },
  });
  const stall = new StallWatch();
  if (virtual === undefined) stall.start();
  const lines = spec.lines.map(({ id, wire, port, devices }) => {
    const random = new Random(seed, id);
    return new RigLine({ clock, id, wire, port, timeoutMs: spec.timeoutMs, devices, ledger, random, stall });
  });
  let store: Store | undefined;
  let gateway: Awaited<ReturnType<typeof startGateway>> | undefined;
  try {
    for (const line of lines) await line.listen();
    store = await startStore(options.storePort, {
      line: (line) => journal.note('stored', line),
      field: (field) => judge.take(field),
    });
    const file = writeGatewayFiles(folder, spec, options.storePort);
    gateway =
      virtual === undefined
        ? await startGateway(folder, file)
        : await startVirtualGateway(folder, { file, clock: virtual });
    await everyDevice(spec, { recoveries, clock, patienceMs: options.startMs });
    const { injections, measured } = await misbehave(lines, { ...options, clock, recoveries, journal });
    const overAtMs = clock.nowMs();
    await everyDevice(spec, { recoveries, clock, patienceMs: options.patienceMs }).catch(() => undefined);
    const { wrong, stored } = judge;
    for (const each of wrong) journal.note('wrong', { ...each, served: each.served.map(briefly) });
    const unreadable = [...lines.flatMap((line) => line.badRequests), ...store.refused];
    const { crashes } = gateway;
    const { passedOver, stoodStill } = stall;
    const { periodMs } = spec;
    return {
      passedOver,
      stoodStill,
      injections,
      returns: returnsOf(spec, { injections, measured, completed }),
      rates: measured.map((each) => compareRates(each, { control: controlOf(spec, each.line), completed, periodMs })),
      wrong,
      served: ledger.size,
      stored,
      notGood: judge.notGood(overAtMs),
      unreadable,
      crashes,
    };
  } finally {
    stall.stop();
    await gateway?.stop();
    await store?.close();
    for (const line of lines) await line.close();
    await journal.close();
  }
}

/** Every point of every device is stored with a value served from now on. Rejects with those that are not. */
async function everyDevice(
  { lines }: RigSpec,
  { recoveries, clock, patienceMs }: { recoveries: Recoveries; clock: Clock; patienceMs: number },
): Promise<void> {
  const watches = lines
    .flatMap((line) => line.devices)
    .map((device) => ({ device, ...recoveries.back(device, clock.nowMs()) }));
  if ((await within(clock, patienceMs, Promise.all(watches.map((watch) => watch.done)))) !== undefined) return;
  const missing = watches.filter((watch) => watch.missing().length > 0).map(({ device }) => device.id);
  throw new Error(`no value of ${missing.join(', ')}`);
}

async function misbehave(
  lines: readonly RigLine[],
  options: RigOptions & { clock: Clock; recoveries: Recoveries; journal: Journal },
): Promise<{ injections: Injection[]; measured: RatesMeasured[] }> {
  const { clock, spec, seed, forMs, recoveries, lengths, restPolls, patienceMs, atOnce, journal } = options;
  const injections: Injection[] = [];
  const beganMs = clock.monotonicMs();
  const onInjection = (injection: Injection): void => {
    injections.push(injection);
    journal.note('faults', injection);
    options.onInjection?.(injection);
  };
  const track = (line: RigLine, part: number): TrackOptions => {
    const random = new Random(seed, `${line.options.id}/${part}`);
    const until = forMs === undefined ? { once: true } : { untilMs: beganMs + forMs };
    return {
      clock,
      line,
      recoveries,
      random,
      periodMs: spec.periodMs,
      restPolls,
      lengths,
      patienceMs,
      onInjection,
      ...until,
    };
  };
  const measured: Promise<RatesMeasured>[] = [];
  const tracks: Promise<void>[] = [];
  for (const { id, purpose, wire, devices } of spec.lines) {
    const line = lines.find((candidate) => candidate.options.id === id);
    if (line === undefined) continue;
    if (purpose === 'control') continue;
    if (purpose === 'rates') {
      const share = (part: number): number => Math.round((forMs ?? 0) * part);
      const phaseMs = [share(0.25), share(0.35), share(0.35)] as const;
      measured.push(measureRates(line, { clock, recoveries, phaseMs, warmUpMs: share(0.02), patienceMs }));
    } else if (purpose === 'line') {
      const alike = spec.lines.filter((other) => other.purpose === 'line' && other.wire === wire);
      const part = alike.findIndex((other) => other.id === id);
      const faults = lineFaults.filter((fault) => fault.wires.includes(wire));
      tracks.push(
        lineTrack({ faults: forMs === undefined ? every(faults, alike.length, part) : faults }, track(line, part)),
      );
    } else {
      const faults = unitFaults.filter((fault) => fault.wires.includes(wire));
      for (let part = 0; part < atOnce; part++) {
        const own = forMs === undefined ? every(faults, atOnce, part) : faults;
        tracks.push(unitTrack({ devices: every(devices, atOnce, part), faults: own }, track(line, part)));
      }
    }
  }
  await Promise.all(tracks);
  return { injections, measured: await Promise.all(measured) };
}

/** The devices of the line that this one is compared with; none when it has no such line. */
function controlOf(spec: RigSpec, line: string): readonly RigDevice[] {
  const control = spec.lines.find(({ id }) => id === line)?.control;
  return spec.lines.find(({ id }) => id === control)?.devices ?? [];
}

function returnsOf(
  spec: RigSpec,
  { injections, measured, completed }: { injections: Injection[]; measured: RatesMeasured[]; completed: Completed },
): Return[] {
  const all = [
    ...injections.flatMap(({ fault, line, devices, toMs, back }) =>
      devices.map((device, i) => ({ fault, line, device, sinceMs: toMs, afterMs: back[i]?.afterMs })),
    ),
    ...measured.flatMap(({ line, back }) =>
      back.map(({ device, sinceMs, recovery }) => ({
        fault: 'silence, among many',
        line,
        device,
        sinceMs,
        afterMs: recovery?.afterMs,
      })),
    ),
  ];
  return all.map(({ sinceMs, ...each }) => {
    const control = controlOf(spec, each.line);
    if (each.afterMs === undefined || control.length === 0) return { ...each, polls: undefined };
    return { ...each, polls: completed.within(control, { fromMs: sinceMs, toMs: sinceMs + each.afterMs }).mean };
  });
}

function every<T>(all: readonly T[], step: number, from: number): T[] {
  return all.filter((_, i) => i % step === from);
}

function briefly({ device, turn, ...serving }: Serving): unknown {
  return { device: device.id, ...turn, ...serving };
}
