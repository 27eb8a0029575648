/** Edit distance with two rows; the words are short. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/** The allowed word closest to a mistyped one, if one is close. */
export function nearest(word: string, allowed: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of allowed) {
    const d = distance(word.toLowerCase(), candidate.toLowerCase());
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}

/** `"voltge" is not a point of power-meter; did you mean "voltage"? Allowed: …` */
export function notAllowed(value: unknown, what: string, allowed: readonly string[]): string {
  const close = typeof value === 'string' ? nearest(value, allowed) : undefined;
  const hint = close === undefined ? '' : ` — did you mean "${close}"?`;
  const list = allowed.length > 40 ? `${allowed.slice(0, 40).join(', ')}, …` : allowed.join(', ');
  return `${JSON.stringify(value)} is not ${what}${hint} Allowed: ${list || 'none'}`;
}
