import { holedBlocks, oneBlock, threeBlocks } from './registers.ts';
import type { RigDevice } from './truth/serving.ts';
import type { Wire } from './wire/frames.ts';

/** What a line is for: `units`: its devices misbehave one by one; `line`: its connection does; `rates`: units die and the others are counted. */
export type Purpose = 'units' | 'line' | 'rates';

export interface LineSpec {
  id: string;
  wire: Wire;
  purpose: Purpose;
  port: number;
  devices: RigDevice[];
}

export interface RigSpec {
  periodMs: number;
  /** What the profiles ask: how long an answer is waited for. */
  timeoutMs: number;
  lines: LineSpec[];
}

interface LineKind {
  id: string;
  wire: Wire;
  purpose: Purpose;
  devices: number;
  profile: RigDevice['profile'];
  /** The last device of the line has a hole in its registers that the profile reads over. */
  holed?: boolean;
}

const blocksOf = {
  'three-blocks': threeBlocks,
  'three-blocks-lenient': threeBlocks,
  'one-block': oneBlock,
  holed: holedBlocks,
};

/** Lines whose devices misbehave, lines that misbehave themselves, and two lines on which fifty devices are counted. */
export const fullRig: readonly LineKind[] = [
  { id: 'units-tcp', wire: 'tcp', purpose: 'units', devices: 8, profile: 'three-blocks', holed: true },
  { id: 'units-lenient', wire: 'lenient', purpose: 'units', devices: 8, profile: 'three-blocks-lenient' },
  { id: 'units-rtu', wire: 'rtu', purpose: 'units', devices: 8, profile: 'three-blocks', holed: true },
  ...[1, 2, 3].map((n) => line(`line-tcp-${n}`, 'tcp')),
  line('line-lenient-1', 'lenient'),
  ...[1, 2].map((n) => line(`line-rtu-${n}`, 'rtu')),
  { id: 'rates-tcp', wire: 'tcp', purpose: 'rates', devices: 50, profile: 'one-block' },
  { id: 'rates-rtu', wire: 'rtu', purpose: 'rates', devices: 50, profile: 'one-block' },
];

/** The same kinds of lines, fewer and without the counting. */
export const smallRig: readonly LineKind[] = [
  { id: 'units-tcp', wire: 'tcp', purpose: 'units', devices: 6, profile: 'three-blocks', holed: true },
  { id: 'units-lenient', wire: 'lenient', purpose: 'units', devices: 6, profile: 'three-blocks-lenient' },
  { id: 'units-rtu', wire: 'rtu', purpose: 'units', devices: 6, profile: 'three-blocks', holed: true },
  line('line-tcp-1', 'tcp'),
  line('line-tcp-2', 'tcp'),
  line('line-lenient-1', 'lenient'),
  line('line-rtu-1', 'rtu'),
];

function line(id: string, wire: Wire): LineKind {
  return {
    id,
    wire,
    purpose: 'line',
    devices: 2,
    profile: wire === 'lenient' ? 'three-blocks-lenient' : 'three-blocks',
  };
}

/** Ports are free when this resolves. */
export async function rigSpec(
  kinds: readonly LineKind[],
  { freePort, ...timing }: { periodMs: number; timeoutMs: number; freePort(): Promise<number> },
): Promise<RigSpec> {
  const lines: LineSpec[] = [];
  let index = 0;
  for (const { id, wire, purpose, devices: count, profile: common, holed } of kinds) {
    const devices = Array.from({ length: count }, (_, i): RigDevice => {
      index += 1;
      const profile = holed === true && i === count - 1 ? 'holed' : common;
      return { index, id: `${id}-u${i + 1}`, line: id, unit: i + 1, blocks: blocksOf[profile], profile, requests: 0 };
    });
    lines.push({ id, wire, purpose, port: await freePort(), devices });
  }
  return { ...timing, lines };
}
