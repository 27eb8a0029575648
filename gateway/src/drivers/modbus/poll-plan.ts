import type { ModbusProfile, ModbusTable } from '@plantroom/device-profiles';
import { planReads, type ReadLimits, type Span } from '../../polling/read-planner.ts';
import type { ModbusBinding, ModbusDevice } from './modbus-device.ts';
import { isBitTable } from './request.ts';

/** One value of a block, and the binding that it belongs to. */
export interface Slot extends Span {
  binding: ModbusBinding;
  /** Which of the binding's places: its addresses, then `more`. */
  part: number;
  /** Where its words stand in the raw value. */
  offset: number;
}

/** One request. */
export interface PollBlock {
  table: ModbusTable;
  start: number;
  count: number;
  slots: readonly Slot[];
}

export interface PollPlan {
  blocks: PollBlock[];
  refused: { slot: Slot; table: ModbusTable; reason: string }[];
}

const tables = ['coil', 'discrete', 'input', 'holding'] as const satisfies readonly ModbusTable[];

export const pollClasses = ['fast', 'normal', 'slow'] as const;
export type PollClass = (typeof pollClasses)[number];

/** The requests that one poll of this class makes, table by table in address order. */
export function planPoll(device: ModbusDevice, poll: PollClass): PollPlan {
  const plan: PollPlan = { blocks: [], refused: [] };
  for (const table of tables) {
    const slots = device.bindings.flatMap((binding) => (binding.poll === poll ? slotsIn(binding, table) : []));
    const known = device.bindings.flatMap((binding) => (binding.poll === poll ? [] : slotsIn(binding, table)));
    const reads = planReads(slots, readLimits(device.profile, table), known);
    const refused = new Map(reads.refused.map(({ span, reason }) => [span, reason]));
    for (const slot of slots) {
      const reason = refused.get(slot);
      if (reason !== undefined) plan.refused.push({ slot, table, reason });
    }
    const readable = slots.filter((slot) => !refused.has(slot));
    plan.blocks.push(...assign(readable, reads.blocks, table));
  }
  return plan;
}

/**
 * What to read instead of a block that the device refused: first without the holes, then in halves, down to single values.
 * Answers the block itself when nothing is left to split.
 */
export function splitBlock(block: PollBlock, profile: ModbusProfile): PollBlock[] {
  const limits = { ...readLimits(profile, block.table), maxGap: 0 };
  const whole = planReads(block.slots, limits);
  if (whole.blocks.length > 1) return assign(block.slots, whole.blocks, block.table);
  const starts = [...new Set(block.slots.map((slot) => slot.start))].sort((a, b) => a - b);
  const middle = starts[Math.ceil(starts.length / 2)];
  if (middle === undefined) return [block];
  const low = block.slots.filter((slot) => slot.start < middle);
  const high = block.slots.filter((slot) => slot.start >= middle);
  return [low, high].flatMap((half) => assign(half, planReads(half, limits).blocks, block.table));
}

/** Reads of the first values of a block alone, the shortest first: their answers have other lengths than the block's. */
export function shorterReads(block: PollBlock, profile: ModbusProfile): PollBlock[] {
  const limits = readLimits(profile, block.table);
  const slots = [...block.slots].sort((a, b) => a.start - b.start);
  const shorter = slots.flatMap((_, i) => {
    const some = slots.slice(0, i + 1);
    const reads = planReads(some, limits).blocks;
    return reads.length === 1 ? assign(some, reads, block.table) : [];
  });
  return shorter.filter(({ count }, i) => count < block.count && count !== shorter[i - 1]?.count);
}

/** Bits: sixteen to a register, in everything that the profile states in registers. Alignment and forbidden ranges are addresses. */
export function readLimits(profile: ModbusProfile, table: ModbusTable): ReadLimits {
  const { maxRegisters = 125, maxGap = 0, align = 1, forbidden = [] } = profile.modbus;
  if (isBitTable(table)) return { max: maxRegisters * 16, maxGap: maxGap * 16, align: 1, forbidden };
  return { max: maxRegisters, maxGap, align, forbidden };
}

/** The requests that read one point alone. */
export function planPoint(binding: ModbusBinding, profile: ModbusProfile): PollBlock[] {
  return tables.flatMap((table) => {
    const slots = slotsIn(binding, table);
    return assign(slots, planReads(slots, readLimits(profile, table)).blocks, table);
  });
}

/** Places that make up the binding's raw value. */
export function partsOf({ at }: ModbusBinding): number {
  return at.addresses.length + (at.more?.length ?? 0);
}

/** Words of the binding's raw value. */
export function wordsOf({ at }: ModbusBinding): number {
  return (at.more ?? []).reduce((sum, { length }) => sum + length, at.addresses.length * at.length);
}

function slotsIn(binding: ModbusBinding, table: ModbusTable): Slot[] {
  const { at } = binding;
  const slots: Slot[] = [];
  if (at.table === table) {
    for (const [part, start] of at.addresses.entries()) {
      slots.push({ binding, part, offset: part * at.length, start, length: at.length });
    }
  }
  let offset = at.addresses.length * at.length;
  for (const [i, place] of (at.more ?? []).entries()) {
    if (place.table === table) {
      slots.push({ binding, part: at.addresses.length + i, offset, start: place.address, length: place.length });
    }
    offset += place.length;
  }
  return slots;
}

function assign(
  slots: readonly Slot[],
  blocks: readonly { start: number; count: number }[],
  table: ModbusTable,
): PollBlock[] {
  const own = blocks.map((): Slot[] => []);
  for (const slot of slots) {
    const at = blocks.findIndex((b) => b.start <= slot.start && slot.start + slot.length <= b.start + b.count);
    own[at]?.push(slot);
  }
  return blocks.map(({ start, count }, i) => ({ table, start, count, slots: own[i] ?? [] }));
}
