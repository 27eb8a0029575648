import type { ModbusProfile, ModbusTable } from '@plantroom/device-profiles';
import { planReads, type ReadLimits, type Span } from '../../polling/read-planner.ts';
import { isBitTable } from './framing.ts';
import type { ModbusBinding, ModbusDevice } from './modbus-device.ts';

/** One value of a block, and the binding that it belongs to. */
export interface Slot extends Span {
  binding: ModbusBinding;
  /** Which of the binding's addresses. */
  part: number;
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

export const pollClasses = ['fast', 'normal', 'slow'] as const;
export type PollClass = (typeof pollClasses)[number];

/** The requests that one poll of this class makes, table by table in address order. */
export function planPoll(device: ModbusDevice, poll: PollClass): PollPlan {
  const plan: PollPlan = { blocks: [], refused: [] };
  for (const table of ['coil', 'discrete', 'input', 'holding'] as const) {
    const ofTable = device.bindings.filter((binding) => binding.at.table === table);
    const slots = ofTable.filter((binding) => binding.poll === poll).flatMap(slotsOf);
    const known = ofTable.filter((binding) => binding.poll !== poll).flatMap(slotsOf);
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

/** Bits: sixteen to a register, in everything that the profile states in registers. Alignment and forbidden ranges are addresses. */
export function readLimits(profile: ModbusProfile, table: ModbusTable): ReadLimits {
  const { maxRegisters = 125, maxGap = 0, align = 1, forbidden = [] } = profile.modbus;
  if (isBitTable(table)) return { max: maxRegisters * 16, maxGap: maxGap * 16, align: 1, forbidden };
  return { max: maxRegisters, maxGap, align, forbidden };
}

function slotsOf(binding: ModbusBinding): Slot[] {
  const { addresses, length } = binding.at;
  return addresses.map((start, part) => ({ binding, part, start, length }));
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
