export function hex(bytes: Uint8Array, most = 16): string {
  const text = Buffer.from(bytes.subarray(0, most))
    .toString('hex')
    .replace(/(..)(?=.)/g, '$1 ');
  return bytes.length > most ? `${text} …` : text;
}

export function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  if (head.length === 0) return tail;
  const both = new Uint8Array(head.length + tail.length);
  both.set(head);
  both.set(tail, head.length);
  return both;
}

/** Big-endian. */
export function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
