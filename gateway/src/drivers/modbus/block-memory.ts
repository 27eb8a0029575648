import type { ModbusProfile } from '@plantroom/device-profiles';
import { type PollBlock, splitBlock } from './poll-plan.ts';

/** One refusal may be a device that restarts; a value refused in so many polls in a row is one that it does not have at present. */
const refusalsUntilUnsupported = 3;
const unsupportedAgainMs = 5 * 60_000;
/** Exception 2 comes and goes (Carlo Gavazzi EM24 in another application mode), so a split is no verdict for ever. */
const firstWholeAgainMs = 10 * 60_000;
const lastWholeAgainMs = 24 * 60 * 60_000;

interface Node {
  block: PollBlock;
  /** What is read in its place; undefined: it is read whole. */
  parts: Node[] | undefined;
  backoffMs: number;
  /** Of a split block: when it is tried whole again. Of an unsupported one: when it is asked again. Monotonic ms. */
  againMs: number;
  refusals: number;
}

/** What changed, for a message. */
export type BlockNews = 'split' | 'whole' | 'unsupported' | 'supported' | undefined;

/** What a device refused with exception 2 (illegal address), and when to ask for it again. Decides, does nothing; times are passed in. */
export class BlockMemory {
  readonly #profile: ModbusProfile;
  readonly #roots: Node[];
  readonly #nodes = new Map<PollBlock, Node>();

  constructor(blocks: readonly PollBlock[], profile: ModbusProfile) {
    this.#profile = profile;
    this.#roots = blocks.map((block) => this.#node(block));
  }

  /** What a poll at this time asks for, in order. */
  due(nowMs: number): PollBlock[] {
    return this.#roots.flatMap((node) => dueOf(node, nowMs));
  }

  /** The block was read. */
  answered(block: PollBlock): BlockNews {
    const node = this.#nodes.get(block);
    if (node === undefined) return undefined;
    const news = node.parts !== undefined ? 'whole' : isUnsupported(node) ? 'supported' : undefined;
    if (node.parts !== undefined) for (const part of node.parts) this.#forget(part);
    node.parts = undefined;
    node.backoffMs = 0;
    node.refusals = 0;
    return news;
  }

  /** Every block as it was planned, whatever was learned since. */
  whole(): PollBlock[] {
    return this.#roots.map(({ block }) => block);
  }

  /** What to read in the place of a block that was refused; nothing when it cannot be split. Kept only if `confirmed`. */
  instead(block: PollBlock, nowMs: number): PollBlock[] {
    const node = this.#nodes.get(block);
    if (node === undefined) return [];
    if (node.parts !== undefined) return node.parts.flatMap((part) => dueOf(part, nowMs));
    const parts = splitBlock(block, this.#profile);
    if (parts.length < 2) return [];
    node.parts = parts.map((part) => this.#node(part));
    return parts;
  }

  /** The refusal was about this block, not about the device as a whole. */
  confirmed(block: PollBlock, nowMs: number): BlockNews {
    const node = this.#nodes.get(block);
    if (node === undefined) return undefined;
    if (node.parts !== undefined) {
      const isNew = node.backoffMs === 0;
      node.backoffMs = isNew ? firstWholeAgainMs : Math.min(node.backoffMs * 2, lastWholeAgainMs);
      node.againMs = nowMs + node.backoffMs;
      return isNew ? 'split' : undefined;
    }
    node.refusals += 1;
    node.againMs = nowMs + unsupportedAgainMs;
    return node.refusals === refusalsUntilUnsupported ? 'unsupported' : undefined;
  }

  /** The refusal said nothing about this block: a split that is not confirmed is forgotten. */
  unfounded(block: PollBlock): void {
    const node = this.#nodes.get(block);
    if (node?.parts === undefined || node.backoffMs > 0) return;
    for (const part of node.parts) this.#forget(part);
    node.parts = undefined;
  }

  /** The block was not refused, but not read either: refusals are no longer in a row. */
  otherwise(block: PollBlock): void {
    const node = this.#nodes.get(block);
    if (node !== undefined && !isUnsupported(node)) node.refusals = 0;
  }

  isUnsupported(block: PollBlock): boolean {
    const node = this.#nodes.get(block);
    return node !== undefined && isUnsupported(node);
  }

  #node(block: PollBlock): Node {
    const node: Node = { block, parts: undefined, backoffMs: 0, againMs: 0, refusals: 0 };
    this.#nodes.set(block, node);
    return node;
  }

  #forget(node: Node): void {
    this.#nodes.delete(node.block);
    for (const part of node.parts ?? []) this.#forget(part);
  }
}

function isUnsupported({ refusals }: Node): boolean {
  return refusals >= refusalsUntilUnsupported;
}

function dueOf(node: Node, nowMs: number): PollBlock[] {
  if (node.parts !== undefined && nowMs < node.againMs) return node.parts.flatMap((part) => dueOf(part, nowMs));
  if (node.parts === undefined && isUnsupported(node) && nowMs < node.againMs) return [];
  return [node.block];
}
