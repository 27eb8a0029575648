import { holedBlocks, oneBlock, threeBlocks } from './registers.ts';
import type { RigDevice } from './truth/serving.ts';
import type { Wire } from './wire/frames.ts';

/**
 * What a line is for: `units`: its devices misbehave one by one; `line`: its connection does; `rates`: units die and the others are
 * counted; `control`: nothing ever happens on it, so that its polls say how fast the gateway and this machine were at any time.
 */
export type Purpose = 'units' | 'line' | 'rates' | 'control';

export interface LineSpec {
  id: string;
  wire: Wire;
  purpose: Purpose;
  /** The line that it is compared with; left out on a control line. */
  control?: string;
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
  control?: string;
  devices: number;
  profile: RigDevice['profile'];
  /** The last device of the line has a hole in its registers that the profile reads over. */
  holed?: boolean;
}

/** Of one line: what is promised of the others holds with one and with two units that misbehave. */
export const misbehavingAtOnce = 2;

const blocksOf = {
  'three-blocks': threeBlocks,
  'three-blocks-lenient': threeBlocks,
  'one-block': oneBlock,
  holed: holedBlocks,
};

/** Answers carry an id on one wire, and on the two others none. */
const controls: Record<Wire, string> = { tcp: 'control-tcp', lenient: 'control-rtu', rtu: 'control-rtu' };

/** Lines whose devices misbehave, lines that misbehave themselves, lines on which so many devices are counted, and the sound ones beside them. */
export function fullRig(counted: number): readonly LineKind[] {
  return [
    units('tcp', 8),
    units('lenient', 8),
    units('rtu', 8),
    ...[1, 2, 3].map((n) => line(`line-tcp-${n}`, 'tcp')),
    line('line-lenient-1', 'lenient'),
    ...[1, 2].map((n) => line(`line-rtu-${n}`, 'rtu')),
    ...(['tcp', 'rtu'] as const).flatMap((wire): LineKind[] => [
      { id: `control-${wire}`, wire, purpose: 'control', devices: 4, profile: 'three-blocks' },
      { id: `rates-${wire}`, wire, purpose: 'rates', devices: counted, profile: 'one-block', control: `sound-${wire}` },
      { id: `sound-${wire}`, wire, purpose: 'control', devices: counted, profile: 'one-block' },
    ]),
  ];
}

/** Where the clock stands still with the machine there is nothing to compare with. */
export function withoutControls(kinds: readonly LineKind[]): LineKind[] {
  return kinds.filter(({ purpose }) => purpose !== 'control');
}

/** The same kinds of lines, as few devices as each fault needs once, and without the counting. */
export const smallRig: readonly LineKind[] = [
  units('tcp', 4),
  units('lenient', 4),
  units('rtu', 4),
  line('line-tcp-1', 'tcp'),
  line('line-tcp-2', 'tcp'),
  line('line-lenient-1', 'lenient'),
  line('line-rtu-1', 'rtu'),
];

function units(wire: Wire, devices: number): LineKind {
  const profile = wire === 'lenient' ? 'three-blocks-lenient' : 'three-blocks';
  const control = controls[wire];
  return { id: `units-${wire}`, wire, purpose: 'units', devices, profile, control, holed: wire !== 'lenient' };
}

function line(id: string, wire: Wire): LineKind {
  const profile = wire === 'lenient' ? 'three-blocks-lenient' : 'three-blocks';
  return { id, wire, purpose: 'line', devices: 2, profile, control: controls[wire] };
}

/** Ports are free when this resolves. */
export async function rigSpec(
  kinds: readonly LineKind[],
  { freePort, ...timing }: { periodMs: number; timeoutMs: number; freePort(): Promise<number> },
): Promise<RigSpec> {
  const lines: LineSpec[] = [];
  let index = 0;
  for (const { id, wire, purpose, devices: count, profile: common, holed, control } of kinds) {
    const devices = Array.from({ length: count }, (_, i): RigDevice => {
      index += 1;
      const profile = holed === true && i === count - 1 ? 'holed' : common;
      return { index, id: `${id}-u${i + 1}`, line: id, unit: i + 1, blocks: blocksOf[profile], profile, requests: 0 };
    });
    const port = await freePort();
    lines.push({ id, wire, purpose, port, devices, ...(control === undefined ? {} : { control }) });
  }
  return { ...timing, lines };
}
