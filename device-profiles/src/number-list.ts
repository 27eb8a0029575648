import { PlantroomError } from '@plantroom/contracts';

/** Longest list: ten loops of 318 points, with room. */
const maxLength = 10_000;

/** `[1, 4, "10-12"]` → 1, 4, 10, 11, 12. Throws NUMBER_LIST_INVALID with the entry. */
export function expandNumberList(entries: readonly (number | string)[]): number[] {
  const numbers: number[] = [];
  for (const entry of entries) {
    if (typeof entry === 'number') {
      numbers.push(entry);
      continue;
    }
    const [, first, last] = (/^(\d+)-(\d+)$/.exec(entry) ?? []).map(Number);
    if (first === undefined || last === undefined || !(last >= first) || last - first >= maxLength) {
      throw new PlantroomError('NUMBER_LIST_INVALID', `"${entry}" is not a rising range such as "10-20"`);
    }
    for (let n = first; n <= last; n++) numbers.push(n);
  }
  return numbers;
}
