import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions } from '../bed/bench-bed.ts';
import { floats } from '../bed/fleet-addresses.ts';
import { frames, WorkBed } from '../bed/work-bed.ts';
import type { Figure } from '../report.ts';

/** Between two appends there are so many polls, as with 500 devices and ten appends a second. */
const devices = 50;
/** For the compiler of the engine to have settled. */
const warmUpRounds = 60;
/** Measured at least, however slow the machine is, and at most. */
const leastRounds = 100;
const mostRounds = 2000;

const parts = ['pipeline', 'outbox append', 'Sparkplug', 'line protocol'] as const;
type Part = (typeof parts)[number];
type Spent = Record<Part | 'peer', number>;

/**
 * CPU time of what lies behind the drivers, one poll of a small fleet at a time, in turns with a peer in the same process: a few lines that
 * make line protocol out of the same registers and keep nothing. Of all rounds the cheaper half counts: on a machine whose cores are
 * shared, time taken away from it is booked on whoever ran.
 */
export async function gatewayWork(options: BenchOptions): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'plantroom-work-'));
  const bed = new WorkBed(folder, devices);
  const words = frames(97);
  const rounds: Spent[] = [];
  try {
    await bed.start();
    const endMs = performance.now() + options.seconds * 1000;
    for (let round = 0; round < warmUpRounds + mostRounds; round++) {
      if (round >= warmUpRounds + leastRounds && performance.now() > endMs) break;
      const spent = await roundOfGateway(bed, { words, round });
      spent.peer = roundOfPeer(words, round);
      if (round >= warmUpRounds) rounds.push(spent);
    }
  } finally {
    await bed.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const measured = (of: (spent: Spent) => number): number => meanOfCheaperHalf(rounds.map(of));
  const peer = { name: 'hand-written lines', measured: measured((spent) => spent.peer) };
  const figure = (name: string, of: (spent: Spent) => number): Figure => ({
    name: `gateway-work CPU for a poll, ${name}`,
    measured: measured(of),
    unit: 'µs',
    peer,
  });
  return [
    ...parts.map((part) => figure(part, (spent) => spent[part])),
    {
      ...figure('all of it', (spent) => parts.reduce((sum, part) => sum + spent[part], 0)),
      note: `${floats} values a poll, ${rounds.length} rounds`,
    },
  ];
}

/** µs for each poll. */
async function roundOfGateway(bed: WorkBed, { words, round }: { words: Uint16Array[]; round: number }): Promise<Spent> {
  const spent: Spent = { pipeline: 0, 'outbox append': 0, Sparkplug: 0, 'line protocol': 0, peer: 0 };
  let since = process.cpuUsage();
  const lap = (part: Part): void => {
    const now = process.cpuUsage();
    spent[part] += (now.user - since.user + now.system - since.system) / devices;
    since = now;
  };
  bed.appending = { before: () => lap('pipeline'), after: () => lap('outbox append') };
  for (let device = 0; device < devices; device++)
    bed.poll(device, words[(device + round * 31) % words.length] as Uint16Array);
  bed.clock.advance(100);
  lap('pipeline');
  await bed.session.pump({ progress: true });
  lap('Sparkplug');
  await bed.drainLines();
  lap('line protocol');
  return spent;
}

/** µs for each poll. */
function roundOfPeer(words: Uint16Array[], round: number): number {
  const began = process.cpuUsage();
  const lines: string[] = [];
  const view = new DataView(new ArrayBuffer(4));
  for (let device = 0; device < devices; device++) {
    const frame = words[(device + round * 31) % words.length] as Uint16Array;
    const fields: string[] = [];
    for (let i = 0; i < floats; i++) {
      view.setUint16(0, frame[i * 2] ?? 0);
      view.setUint16(2, frame[i * 2 + 1] ?? 0);
      fields.push(`value-${i + 1}=${view.getFloat32(0)}`);
    }
    lines.push(`bench-meter,site=bench-site,equipment=unit-${device} ${fields.join(',')} ${Date.now()}`);
  }
  // Looked at, or the work might be left out as useless.
  if (Buffer.from(lines.join('\n')).length === 0) throw new Error('the peer has written nothing');
  const { user, system } = process.cpuUsage(began);
  return (user + system) / devices;
}

function meanOfCheaperHalf(values: readonly number[]): number {
  const half = [...values].sort((a, b) => a - b).slice(0, Math.ceil(values.length / 2));
  return half.reduce((sum, value) => sum + value, 0) / half.length;
}
