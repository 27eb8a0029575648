import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planReads, type ReadLimits, type Span } from './read-planner.ts';

const limits = (some: Partial<ReadLimits> = {}): ReadLimits => ({
  max: 125,
  maxGap: 0,
  align: 1,
  forbidden: [],
  ...some,
});
const blocksOf = (wanted: Span[], some?: Partial<ReadLimits>, known?: Span[]) =>
  planReads(wanted, limits(some), known).blocks.map(({ start, count }) => [start, count]);
const float = (start: number): Span => ({ start, length: 2 });

describe('read planner', () => {
  test('merges neighbouring values into one request and starts another at a hole', () => {
    expect(blocksOf([float(0), float(2), float(4), float(10)])).toEqual([
      [0, 6],
      [10, 2],
    ]);
  });

  test('reads over holes up to maxGap only', () => {
    expect(blocksOf([float(0), float(6), float(13)], { maxGap: 4 })).toEqual([
      [0, 8],
      [13, 2],
    ]);
  });

  test('does not tear a value at the limit of a request', () => {
    const floats = Array.from({ length: 63 }, (_, i) => float(2 * i));
    expect(blocksOf(floats)).toEqual([
      [0, 124],
      [124, 2],
    ]);
    expect(blocksOf([{ start: 0, length: 1 }, ...Array.from({ length: 62 }, (_, i) => float(1 + 2 * i))])).toEqual([
      [0, 125],
    ]);
  });

  test('registers of other poll classes are no holes', () => {
    expect(blocksOf([float(0), float(6)], {}, [float(2), float(4)])).toEqual([[0, 8]]);
  });

  test('never touches a forbidden range, not even where a known point lies in it', () => {
    expect(blocksOf([float(0), float(6)], { maxGap: 10, forbidden: [[3, 3]] })).toEqual([
      [0, 2],
      [6, 2],
    ]);
    expect(blocksOf([float(0), float(6)], { maxGap: 10, forbidden: [[3, 3]] }, [float(2)])).toEqual([
      [0, 2],
      [6, 2],
    ]);
  });

  test('starts and ends blocks on the alignment', () => {
    expect(
      blocksOf(
        [
          { start: 3, length: 1 },
          { start: 4, length: 1 },
        ],
        { align: 2 },
      ),
    ).toEqual([[2, 4]]);
  });

  test('says which values no request can hold', () => {
    const plan = planReads(
      [
        { start: 0, length: 12 },
        { start: 20, length: 1 },
        { start: 65535, length: 2 },
      ],
      {
        ...limits({ max: 10, forbidden: [[18, 22]] }),
      },
    );
    expect(plan.blocks).toEqual([]);
    expect(plan.refused.map((r) => r.reason)).toEqual([
      'needs 12 in one request, the device allows 10',
      'touches the forbidden range 18-22',
      'ends at 65536, after the last address 65535',
    ]);
  });

  const space = 16;
  const anySpans = fc.array(fc.record({ start: fc.nat(space - 4), length: fc.integer({ min: 1, max: 4 }) }), {
    minLength: 1,
    maxLength: 7,
  });
  const anyLimits = fc.record({
    max: fc.integer({ min: 4, max: 10 }),
    maxGap: fc.nat(4),
    align: fc.constantFrom(1, 2),
    forbidden: fc.array(
      fc.tuple(fc.nat(space - 1), fc.nat(1)).map(([from, more]) => [from, from + more] as const),
      { maxLength: 2 },
    ),
  });

  test('holds every readable value whole, within the limits, in the fewest requests that exist', () => {
    fc.assert(
      fc.property(anySpans, anyLimits, anySpans, fc.boolean(), (wanted, some, others, withOthers) => {
        const known = withOthers ? others : [];
        const { blocks, refused } = planReads(wanted, some, known);
        const readable = wanted.filter((span) => !refused.some((r) => r.span === span));
        const legal = legalBlocks([...readable, ...known], some);
        for (const block of blocks) {
          expect(legal).toContainEqual([block.start, block.start + block.count - 1]);
        }
        for (const span of readable) {
          const whole = blocks.some((b) => b.start <= span.start && span.start + span.length <= b.start + b.count);
          expect(whole).toBe(true);
        }
        expect(blocks.length).toBe(fewest(readable, legal));
      }),
      { numRuns: 2000 },
    );
  });

  /** Every [first, last] that the limits allow, by trying them all. */
  function legalBlocks(existing: Span[], some: ReadLimits): [number, number][] {
    const isForbidden = (a: number) => some.forbidden.some(([from, to]) => a >= from && a <= to);
    const used = new Set<number>();
    for (const span of existing) {
      const first = Math.floor(span.start / some.align) * some.align;
      const end = Math.ceil((span.start + span.length) / some.align) * some.align;
      const all = Array.from({ length: end - first }, (_, i) => first + i);
      if (!all.some(isForbidden)) for (const a of all) used.add(a);
    }
    const found: [number, number][] = [];
    for (let first = 0; first <= space + 1; first += some.align) {
      let gap = 0;
      for (let last = first; last - first < some.max && last <= space + 1; last++) {
        if (isForbidden(last)) break;
        gap = used.has(last) ? 0 : gap + 1;
        if (gap > some.maxGap) break;
        if ((last + 1) % some.align === 0) found.push([first, last]);
      }
    }
    return found;
  }

  /** Smallest number of legal blocks that hold all spans: breadth-first over the sets of spans held. */
  function fewest(spans: Span[], legal: [number, number][]): number {
    const masks = legal.map(([first, last]) =>
      spans.reduce((mask, s, i) => (s.start >= first && s.start + s.length - 1 <= last ? mask | (1 << i) : mask), 0),
    );
    const all = (1 << spans.length) - 1;
    let reached = new Set([0]);
    for (let count = 0; count <= spans.length; count++) {
      if (reached.has(all)) return count;
      const next = new Set<number>();
      for (const held of reached) for (const mask of masks) next.add(held | mask);
      reached = next;
    }
    return Number.POSITIVE_INFINITY;
  }
});
