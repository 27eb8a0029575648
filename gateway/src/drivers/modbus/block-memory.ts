import type { ModbusProfile } from '@plantroom/device-profiles';
import { type PollBlock, splitBlock } from './poll-plan.ts';

/** One refusal may be a device that restarts; a value refused in so many polls in a row is one that it does not have at present. */
const refusalsUntilUnsupported = 3;
const unsupportedAgainMs = 5 * 60_000;
/** Exception 2 comes and goes (Carlo Gavazzi EM24 in another application mode), so a split is no verdict for ever. */
const firstWholeAgainMs = 10 * 60_000;
const lastWholeAgainMs = 24 * 60 * 60_000;
/**
 * What has been read before and is refused now may be back with the next poll (a device that restarts, a gateway that is overloaded). So a
 * block of the plan is tried whole in every poll for so long, which costs one request beside those for its parts; after that, and parts of
 * it after a few refusals, again and again when it has been refused a quarter longer.
 */
const patienceMs = 2 * 60_000;
const patiencePolls = 5;
const againShare = 1 / 4;

interface Node {
  block: PollBlock;
  /** A block of the plan, not a part of one. */
  isRoot: boolean;
  /** What is read in its place; undefined: it is read whole. */
  parts: Node[] | undefined;
  /** It was read at some time, by itself or within a greater block: its addresses exist. */
  wasRead: boolean;
  /** The split, or that it is unsupported, holds for more than the poll. */
  isKept: boolean;
  /** Of a split block: the pause before it is tried whole the next time. */
  backoffMs: number;
  /** Of a split block: when it is tried whole again. Of an unsupported one: when it is asked again. Monotonic ms. */
  againMs: number;
  /** In a row, and since when. */
  refusals: number;
  refusedSinceMs: number;
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
    this.#roots = blocks.map((block) => this.#node(block, { isRoot: true, wasRead: false }));
  }

  /** What a poll at this time asks for, in order. */
  due(nowMs: number): PollBlock[] {
    const due: PollBlock[] = [];
    for (const node of this.#roots) {
      if (isDueWhole(node, nowMs)) due.push(node.block);
      else due.push(...dueOf(node, nowMs));
    }
    return due;
  }

  /** The block was read. */
  answered(block: PollBlock): BlockNews {
    const node = this.#nodes.get(block);
    if (node === undefined) return undefined;
    const isSplit = node.parts !== undefined;
    const news = isSplit
      ? node.isKept || hasGivenUp(node)
        ? 'whole'
        : undefined
      : node.isKept
        ? 'supported'
        : undefined;
    this.#join(node);
    node.wasRead = true;
    node.isKept = false;
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
    node.parts = parts.map((part) => this.#node(part, { isRoot: false, wasRead: node.wasRead }));
    return parts;
  }

  /** The refusal was about this block, not about the device as a whole. */
  confirmed(block: PollBlock, nowMs: number): BlockNews {
    const node = this.#nodes.get(block);
    if (node === undefined) return undefined;
    if (node.refusals === 0) node.refusedSinceMs = nowMs;
    node.refusals += 1;
    if (isAwaited(node, nowMs)) return undefined;
    const isNew = !node.isKept;
    node.isKept = true;
    node.againMs = nowMs + pauseOf(node, nowMs);
    if (!isNew) return undefined;
    if (node.parts === undefined) return 'unsupported';
    // How a block that is tried whole in every poll is taken apart meanwhile is no news.
    return node.isRoot || !node.wasRead ? 'split' : undefined;
  }

  /** The refusal said nothing about this block: a split that is not kept is forgotten. */
  unfounded(block: PollBlock): void {
    const node = this.#nodes.get(block);
    if (node !== undefined && !node.isKept) this.#join(node);
  }

  /** The block was not refused, but not read either: refusals are no longer in a row. */
  otherwise(block: PollBlock): void {
    const node = this.#nodes.get(block);
    if (node !== undefined) this.#forgetRun(node);
  }

  #forgetRun(node: Node): void {
    if (!node.isKept) node.refusals = 0;
    for (const part of node.parts ?? []) this.#forgetRun(part);
  }

  #node(block: PollBlock, of: Pick<Node, 'isRoot' | 'wasRead'>): Node {
    const node: Node = {
      block,
      ...of,
      parts: undefined,
      isKept: false,
      backoffMs: 0,
      againMs: 0,
      refusals: 0,
      refusedSinceMs: 0,
    };
    this.#nodes.set(block, node);
    return node;
  }

  #join(node: Node): void {
    for (const part of node.parts ?? []) {
      this.#nodes.delete(part.block);
      this.#join(part);
    }
    node.parts = undefined;
  }
}

/** It is asked for in the next poll as if nothing had been refused. */
function isAwaited({ isRoot, wasRead, parts, refusals, refusedSinceMs }: Node, nowMs: number): boolean {
  if (isRoot && wasRead) return refusals < patiencePolls || nowMs - refusedSinceMs < patienceMs;
  return parts === undefined && refusals < refusalsUntilUnsupported;
}

function hasGivenUp({ parts = [] }: Node): boolean {
  return parts.some((part) => (part.parts === undefined ? part.isKept : hasGivenUp(part)));
}

function pauseOf(node: Node, nowMs: number): number {
  const { wasRead, parts, refusedSinceMs } = node;
  const longestMs = parts === undefined ? unsupportedAgainMs : lastWholeAgainMs;
  if (wasRead) return Math.min((nowMs - refusedSinceMs) * againShare, longestMs);
  if (parts === undefined) return unsupportedAgainMs;
  node.backoffMs = node.backoffMs === 0 ? firstWholeAgainMs : Math.min(node.backoffMs * 2, longestMs);
  return node.backoffMs;
}

function isDueWhole({ isKept, againMs }: Node, nowMs: number): boolean {
  return !isKept || nowMs >= againMs;
}

function dueOf(node: Node, nowMs: number): PollBlock[] {
  if (isDueWhole(node, nowMs)) return [node.block];
  return (node.parts ?? []).flatMap((part) => dueOf(part, nowMs));
}
