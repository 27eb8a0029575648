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

/** Longer lists than this hide the message: then only the nearest names are given. */
const longestList = 8;
const nearestCount = 3;

export interface NotAllowedOptions {
  /** Where all the allowed names stand, for lists too long to print; left out: only their number is given. */
  listedIn?: string;
}

/**
 * `"voltge" is not a point of power-meter. — did you mean "voltage"? Allowed: …`; of more than eight allowed names only
 * the three nearest are given, with how many there are.
 */
export function notAllowed(
  value: unknown,
  what: string,
  allowed: readonly string[],
  { listedIn }: NotAllowedOptions = {},
): string {
  const head = `${JSON.stringify(value)} is not ${what}`;
  if (allowed.length > longestList) {
    const word = String(value).toLowerCase();
    const close = allowed
      .map((name) => ({ name, off: distance(word, name.toLowerCase()) }))
      .sort((a, b) => a.off - b.off)
      .slice(0, nearestCount);
    const names = close.map(({ name }) => `"${name}"`);
    const where = listedIn === undefined ? '' : `, listed in ${listedIn}`;
    return `${head} — did you mean ${names.slice(0, -1).join(', ')} or ${names.at(-1)}? Allowed: ${allowed.length} names${where}`;
  }
  const close = typeof value === 'string' ? nearest(value, allowed) : undefined;
  const hint = close === undefined ? '' : ` — did you mean "${close}"?`;
  return `${head}${hint} Allowed: ${allowed.join(', ') || 'none'}`;
}
