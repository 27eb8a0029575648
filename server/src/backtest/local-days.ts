const dayMs = 86_400_000;

/** Where the days of a time zone begin within a range; the first is the beginning of the range. Pure. */
export function localDays(fromMs: number, toMs: number, timeZone: string): number[] {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  const dateOf = (atMs: number): string => format.format(atMs);
  const days = [fromMs];
  for (let atMs = fromMs; ; ) {
    const next = nextDay(atMs, dateOf);
    if (next >= toMs) return days;
    days.push(next);
    atMs = next;
  }
}

/** By halves. */
function nextDay(atMs: number, dateOf: (atMs: number) => string): number {
  const today = dateOf(atMs);
  let before = atMs;
  // A day with a change of the clock has 25 hours at most.
  let after = atMs + dayMs + 2 * 3_600_000;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dateOf(middle) === today) before = middle;
    else after = middle;
  }
  return after;
}
