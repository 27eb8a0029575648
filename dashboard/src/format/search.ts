export interface PaletteEntry {
  label: string;
  hint: string;
  to: string;
  /** Further words it is found by. */
  also: string;
}

/** Every word must occur; what starts with the text comes first. */
export function searchEntries(entries: readonly PaletteEntry[], text: string): PaletteEntry[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const first = words[0];
  if (first === undefined) return [...entries];
  return entries
    .map((entry) => ({ entry, all: `${entry.label} ${entry.hint} ${entry.also}`.toLowerCase() }))
    .filter(({ all }) => words.every((word) => all.includes(word)))
    .map(({ entry, all }) => ({ entry, rank: all.startsWith(first) ? 0 : all.includes(` ${first}`) ? 1 : 2 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ entry }) => entry);
}
