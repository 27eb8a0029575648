/**
 * Index of the first batch that ends behind `position` (its `next` is greater), or the length. They lie in the order of their ends, and
 * after an outage are many.
 */
export function firstBehind(batches: readonly { next: number }[], position: number): number {
  let low = 0;
  let high = batches.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((batches[middle]?.next ?? 0) > position) high = middle;
    else low = middle + 1;
  }
  return low;
}
