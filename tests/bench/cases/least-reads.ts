/** A value on the device: it must come out of one response. */
export interface Wanted {
  start: number;
  length: number;
}

export interface Limits {
  max: number;
  maxGap: number;
  align: number;
  forbidden: readonly (readonly [number, number])[];
}

/**
 * The least number of requests that read every wanted value whole, by dynamic programming over the values in order of their start:
 * least(n) = min over i of least(i) + 1 where values i…n-1 fit one request. Some optimum has that form, because of two requests neither
 * of which contains the other, the later one can take over every value of the earlier one that starts within it.
 * Shares no code with the planner. Values that fit no request are left out, as the planner refuses them.
 */
export function leastReads(wanted: readonly Wanted[], limits: Limits, known: readonly Wanted[]): number {
  const filled = new Set<number>();
  for (const { start, length } of [...wanted, ...known].map((span) => grown(span, limits.align)))
    for (let address = start; address < start + length; address++) filled.add(address);
  const values = wanted
    .map((span) => grown(span, limits.align))
    .filter((span) => fits(span, limits, filled))
    .sort((a, b) => a.start - b.start);
  const least: number[] = [0];
  for (let n = 1; n <= values.length; n++) {
    let best = Number.POSITIVE_INFINITY;
    let end = 0;
    const last = values[n - 1];
    for (let i = n - 1; i >= 0; i--) {
      const first = values[i];
      if (first === undefined || last === undefined || last.start - first.start >= limits.max) break;
      end = Math.max(end, first.start + first.length);
      if (fits({ start: first.start, length: end - first.start }, limits, filled))
        best = Math.min(best, (least[i] ?? 0) + 1);
    }
    least.push(best);
  }
  return least[values.length] ?? 0;
}

function grown({ start, length }: Wanted, align: number): Wanted {
  const from = Math.floor(start / align) * align;
  return { start: from, length: Math.ceil((start + length) / align) * align - from };
}

function fits({ start, length }: Wanted, { max, maxGap, forbidden }: Limits, filled: ReadonlySet<number>): boolean {
  if (length > max || start + length > 65_536) return false;
  if (forbidden.some(([from, to]) => start <= to && start + length > from)) return false;
  let hole = 0;
  for (let address = start; address < start + length; address++) {
    hole = filled.has(address) ? 0 : hole + 1;
    if (hole > maxGap) return false;
  }
  return true;
}
