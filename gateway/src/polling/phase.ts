/**
 * Where in its period a poll lies, 0 ≤ phase < 1: spread by a hash of the key, so that a thousand lines do not fire in the same
 * millisecond, and the same after every restart. FNV-1a, 32 bits.
 */
export function phaseOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  // Keys that differ in their last character only lie close together in FNV-1a; a final mix spreads them.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
