import { lineFaults } from './faults/line-faults.ts';
import { unitFaults } from './faults/unit-faults.ts';
import { rigClass, writeGatewayFiles } from './gateway-files.ts';
import { startGateway } from './gateway-under-test.ts';
import { RigLine } from './line.ts';
import { Random } from './random.ts';
import { type LineRates, measureRates } from './rates.ts';
import type { RigSpec } from './spec.ts';
import { type Injection, lineTrack, type TrackOptions, unitTrack } from './track.ts';
import { Journal } from './truth/journal.ts';
import { Judge, type Wrong } from './truth/judge.ts';
import { Ledger } from './truth/ledger.ts';
import { Recoveries } from './truth/recovery.ts';
import type { Serving } from './truth/serving.ts';
import { type Store, startStore } from './truth/store.ts';
import { StallWatch } from './wire/stall.ts';

export interface RigOptions {
  spec: RigSpec;
  seed: number;
  /** Gateway file, its outbox and log, and the truth as JSONL. */
  folder: string;
  storePort: number;
  /** After so long no fault begins any more, ms. Left out: each fault is dealt once. */
  forMs?: number;
  lengths: readonly number[];
  patienceMs: number;
  /** Devices of one line that misbehave at the same time. */
  atOnce: number;
  onInjection?(injection: Injection): void;
}

export interface RigResult {
  injections: Injection[];
  rates: LineRates[];
  wrong: readonly Wrong[];
  served: number;
  /** Requests that the rig did not answer because it had stood still itself. */
  passedOver: number;
  stored: number;
  /** Points that were not good at the end. */
  notGood: string[];
  /** What the gateway sent and nobody could read: requests and lines. */
  unreadable: string[];
  crashes: readonly string[];
}

/** The whole rig: lines, store, gateway; then faults, until the time is up and every device has been waited for. */
export async function runRig(options: RigOptions): Promise<RigResult> {
  const { spec, seed, folder } = options;
  const journal = new Journal(folder);
  const recoveries = new Recoveries();
  const ledger = new Ledger((serving) => journal.note('served', briefly(serving)));
  const judge = new Judge({
    ledger,
    devices: spec.lines.flatMap((line) => line.devices),
    // Below the shortest turn-around of a device; wire times of one point are moved apart by a millisecond or two.
    handOverMs: 4,
    longestMs: 10_000,
    measurement: rigClass,
    onGood: (device, point, serving, timeMs) => recoveries.stored(device, point, serving, timeMs),
  });
  const stall = new StallWatch();
  stall.start();
  const lines = spec.lines.map(({ id, wire, port, devices }) => {
    const random = new Random(seed, id);
    return new RigLine({ id, wire, port, timeoutMs: spec.timeoutMs, devices, ledger, random, stall });
  });
  let store: Store | undefined;
  let gateway: Awaited<ReturnType<typeof startGateway>> | undefined;
  try {
    for (const line of lines) await line.listen();
    store = await startStore(options.storePort, {
      line: (line) => journal.note('stored', line),
      field: (field) => judge.take(field),
    });
    gateway = await startGateway(folder, writeGatewayFiles(folder, spec, options.storePort));
    await everyDevice(spec, recoveries, options.patienceMs);
    const { injections, rates } = await misbehave(lines, { ...options, recoveries, journal });
    const overAtMs = Date.now();
    await everyDevice(spec, recoveries, options.patienceMs).catch(() => undefined);
    const { wrong, stored } = judge;
    for (const each of wrong) journal.note('wrong', { ...each, served: each.served.map(briefly) });
    const unreadable = [...lines.flatMap((line) => line.badRequests), ...store.refused];
    const { crashes } = gateway;
    const { passedOver } = stall;
    return {
      passedOver,
      injections,
      rates,
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
async function everyDevice({ lines }: RigSpec, recoveries: Recoveries, patienceMs: number): Promise<void> {
  const watches = lines
    .flatMap((line) => line.devices)
    .map((device) => ({ device, ...recoveries.back(device, Date.now()) }));
  let timer: NodeJS.Timeout | undefined;
  const tired = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const missing = watches.filter((watch) => watch.missing().length > 0).map(({ device }) => device.id);
      reject(new Error(`no value of ${missing.join(', ')}`));
    }, patienceMs);
  });
  await Promise.race([Promise.all(watches.map((watch) => watch.done)), tired]);
  clearTimeout(timer);
}

async function misbehave(
  lines: readonly RigLine[],
  options: RigOptions & { recoveries: Recoveries; journal: Journal },
): Promise<Pick<RigResult, 'injections' | 'rates'>> {
  const { spec, seed, forMs, recoveries, lengths, patienceMs, atOnce, journal } = options;
  const injections: Injection[] = [];
  const beganMs = performance.now();
  const onInjection = (injection: Injection): void => {
    injections.push(injection);
    journal.note('faults', injection);
    options.onInjection?.(injection);
  };
  const track = (line: RigLine, part: number): TrackOptions => {
    const random = new Random(seed, `${line.options.id}/${part}`);
    const until = forMs === undefined ? { once: true } : { untilMs: beganMs + forMs };
    return { line, recoveries, random, periodMs: spec.periodMs, lengths, patienceMs, onInjection, ...until };
  };
  const rates: Promise<LineRates>[] = [];
  const tracks: Promise<void>[] = [];
  for (const { id, purpose, wire, devices } of spec.lines) {
    const line = lines.find((candidate) => candidate.options.id === id);
    if (line === undefined) continue;
    if (purpose === 'rates') {
      const share = (part: number): number => Math.round((forMs ?? 0) * part);
      const phaseMs = [share(0.25), share(0.35), share(0.35)] as const;
      rates.push(
        measureRates(line, { recoveries, periodMs: spec.periodMs, phaseMs, warmUpMs: share(0.02), patienceMs }),
      );
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
  return { injections, rates: await Promise.all(rates) };
}

function every<T>(all: readonly T[], step: number, from: number): T[] {
  return all.filter((_, i) => i % step === from);
}

function briefly({ device, turn, ...serving }: Serving): unknown {
  return { device: device.id, ...turn, ...serving };
}
