/**
 * What every register pair of the rig says: which device and point it belongs to and which reply it came in. Eight bits of device,
 * four of point, twenty of a counter that no two replies of a device share, so that any stored number tells its own origin.
 */
export interface RigValue {
  /** 1 to 254: neither a register of zeros nor one of ones can be taken for a value. */
  device: number;
  /** 1 to 15. */
  point: number;
  counter: number;
}

export const maxDevice = 254;
export const maxCounter = 0xf_ffff;
/** What the rig's profiles call "not available". */
export const sentinel = 0xffff_ffff;

export function encodeValue({ device, point, counter }: RigValue): number {
  return ((device << 24) | (point << 20) | counter) >>> 0;
}

/** Undefined when no register of the rig can hold it. */
export function decodeValue(value: number): RigValue | undefined {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) return undefined;
  const it = { device: value >>> 24, point: (value >>> 20) & 0xf, counter: value & maxCounter };
  return it.device < 1 || it.device > maxDevice || it.point < 1 ? undefined : it;
}

/** Five values one after the other. All blocks have one length: nothing but its address tells one block's reply from another's. */
export interface Block {
  /** Modbus function that reads it. */
  code: 3 | 4;
  start: number;
  /** First of its five points. */
  firstPoint: number;
  /** Low word first. */
  swapped?: boolean;
}

export const pointsPerBlock = 5;
export const blockRegisters = pointsPerBlock * 2;

export const threeBlocks: readonly Block[] = [
  { code: 3, start: 0, firstPoint: 1 },
  { code: 3, start: 100, firstPoint: 6, swapped: true },
  { code: 4, start: 0, firstPoint: 11 },
];
export const oneBlock: readonly Block[] = [{ code: 3, start: 0, firstPoint: 1 }];
/** Two blocks with three registers between them that no device of this kind has. */
export const holedBlocks: readonly Block[] = [
  { code: 3, start: 0, firstPoint: 1 },
  { code: 3, start: blockRegisters + 3, firstPoint: 6 },
];

export type Fill = 'counter' | 'zeros' | 'sentinel';

/** The words of one read, or undefined when one of them does not exist. */
export function wordsOf(
  blocks: readonly Block[],
  read: { device: number; code: number; start: number; count: number; counter: number; fill: Fill },
): Uint16Array | undefined {
  const words = new Uint16Array(read.count);
  for (let i = 0; i < read.count; i++) {
    const address = read.start + i;
    const block = blocks.find((b) => b.code === read.code && address >= b.start && address < b.start + blockRegisters);
    if (block === undefined) return undefined;
    const offset = address - block.start;
    const point = block.firstPoint + (offset >> 1);
    words[i] = half(registerValue(read, point), offset % 2 === (block.swapped === true ? 1 : 0) ? 'high' : 'low');
  }
  return words;
}

/** Points that a read of these registers holds whole. */
export function pointsOf(
  blocks: readonly Block[],
  { code, start, count }: { code: number; start: number; count: number },
): number[] {
  return blocks
    .filter((block) => block.code === code)
    .flatMap((block) =>
      Array.from({ length: pointsPerBlock }, (_, i) => ({ at: block.start + 2 * i, point: block.firstPoint + i })),
    )
    .filter(({ at }) => at >= start && at + 2 <= start + count)
    .map(({ point }) => point);
}

function registerValue(
  { device, counter, fill }: { device: number; counter: number; fill: Fill },
  point: number,
): number {
  if (fill === 'zeros') return 0;
  return fill === 'sentinel' ? sentinel : encodeValue({ device, point, counter });
}

function half(value: number, which: 'high' | 'low'): number {
  return which === 'high' ? value >>> 16 : value & 0xffff;
}

/** `p01` to `p15`, the points of the rig's class. */
export function pointName(point: number): string {
  return `p${String(point).padStart(2, '0')}`;
}

export function pointNumber(name: string): number | undefined {
  const digits = /^p(\d\d)$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
