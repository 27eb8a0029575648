/** A value on the device: must come out of one response, else it is torn. Registers, or bits for bit tables. */
export interface Span {
  start: number;
  length: number;
}

export interface ReadLimits {
  /** Most registers (bits) in one request. */
  max: number;
  /** Registers (bits) of no known point that a block may read over. */
  maxGap: number;
  /** Blocks start and end on a multiple of this. */
  align: number;
  /** [first, last], inclusive: no block may touch them. */
  forbidden: readonly (readonly [number, number])[];
}

export interface ReadBlock {
  start: number;
  count: number;
}

export interface ReadPlan {
  /** In address order. */
  blocks: ReadBlock[];
  /** Spans that no allowed block can hold, with the reason. */
  refused: { span: Span; reason: string }[];
}

/**
 * Fewest blocks that hold every span whole. A hole wider than maxGap and a forbidden range cannot lie inside any block, so they cut the
 * address line into stretches that no choice can join; within a stretch, the block that starts at the lowest uncovered span and reaches
 * as far as `max` allows holds everything that any other block holding that span could, so taking it never costs a block (interval greedy).
 *
 * `known`: spans that exist on the device besides the wanted ones (other poll classes); they are no holes. Left out: none.
 */
export function planReads(wanted: readonly Span[], limits: ReadLimits, known: readonly Span[] = []): ReadPlan {
  const plan: ReadPlan = { blocks: [], refused: [] };
  const spans: Interval[] = [];
  for (const span of wanted) {
    const reason = refusal(span, limits);
    if (reason === undefined) spans.push(aligned(span, limits.align));
    else plan.refused.push({ span, reason });
  }
  spans.sort((a, b) => a.first - b.first || a.last - b.last);
  const others = known.map((span) => aligned(span, limits.align)).filter((span) => !touches(span, limits.forbidden));
  const reach = reachOf([...spans, ...others], limits);
  let rest = spans;
  while (rest[0] !== undefined) {
    const block = widestFrom(rest[0], rest, Math.min(rest[0].first + limits.max - 1, reach(rest[0].first)));
    plan.blocks.push({ start: block.first, count: block.last - block.first + 1 });
    rest = rest.filter((span) => span.last > block.last);
  }
  return plan;
}

interface Interval {
  first: number;
  last: number;
}

function aligned(span: Span, align: number): Interval {
  const end = span.start + span.length;
  return { first: span.start - (span.start % align), last: Math.ceil(end / align) * align - 1 };
}

function refusal(span: Span, limits: ReadLimits): string | undefined {
  const { first, last } = aligned(span, limits.align);
  if (last > 65535) return `ends at ${last}, after the last address 65535`;
  if (last - first + 1 > limits.max) return `needs ${last - first + 1} in one request, the device allows ${limits.max}`;
  const barrier = touches({ first, last }, limits.forbidden);
  if (barrier !== undefined) return `touches the forbidden range ${barrier[0]}-${barrier[1]}`;
  return undefined;
}

function touches({ first, last }: Interval, forbidden: ReadLimits['forbidden']): readonly [number, number] | undefined {
  return forbidden.find(([from, to]) => first <= to && last >= from);
}

/** Answers the last address that a block starting here may reach: the end of its stretch. */
function reachOf(existing: readonly Interval[], limits: ReadLimits): (first: number) => number {
  const sorted = [...existing].sort((a, b) => a.first - b.first);
  const stretches: Interval[] = [];
  for (const { first, last } of sorted) {
    const current = stretches.at(-1);
    const hole = current && { first: current.last + 1, last: first - 1 };
    const joins = hole && hole.last - hole.first + 1 <= limits.maxGap && !touches(hole, limits.forbidden);
    if (current === undefined || !joins) stretches.push({ first, last });
    else current.last = Math.max(current.last, last);
  }
  return (first) => stretches.findLast((stretch) => stretch.first <= first)?.last ?? first;
}

function widestFrom(start: Interval, sorted: readonly Interval[], reach: number): Interval {
  let last = start.last;
  for (const span of sorted) {
    if (span.first > reach) break;
    if (span.last <= reach) last = Math.max(last, span.last);
  }
  return { first: start.first, last };
}
