/** A registration or heartbeat packet as the file states it: text, or `0x…` for bytes. Undefined: `0x` with something that is no bytes. */
export function packetBytes(stated: string): Uint8Array | undefined {
  if (!/^0x/i.test(stated)) return Buffer.from(stated, 'utf8');
  const digits = stated.slice(2).replace(/\s/g, '');
  return digits !== '' && digits.length % 2 === 0 && /^[0-9a-f]+$/i.test(digits)
    ? Buffer.from(digits, 'hex')
    : undefined;
}

/** What somebody has said, for a message: text where it is text, else bytes. */
export function packetInWords(bytes: Uint8Array, most = 64): string {
  const shown = Buffer.from(bytes.subarray(0, most));
  const rest = bytes.length > most ? ' …' : '';
  const text = shown.toString('latin1');
  return (/^[\x20-\x7e]+$/.test(text) ? JSON.stringify(text) : `0x${shown.toString('hex')}`) + rest;
}

export function startsWith(bytes: Uint8Array, head: Uint8Array, at = 0): boolean {
  if (bytes.length - at < head.length) return false;
  for (let i = 0; i < head.length; i++) if (bytes[at + i] !== head[i]) return false;
  return true;
}

/** Whether all of `bytes` from `at` is a beginning of `whole`, and not the whole of it. */
export function begins(bytes: Uint8Array, whole: Uint8Array, at = 0): boolean {
  const length = bytes.length - at;
  if (length >= whole.length) return false;
  for (let i = 0; i < length; i++) if (bytes[at + i] !== whole[i]) return false;
  return true;
}

/** The bytes without any of these packets. */
export function without(bytes: Uint8Array, packets: readonly Uint8Array[]): Uint8Array {
  if (packets.length === 0) return bytes;
  const kept = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; ) {
    const packet = packets.find((p) => startsWith(bytes, p, at));
    if (packet === undefined) kept[length++] = bytes[at++] ?? 0;
    else at += packet.length;
  }
  return length === bytes.length ? bytes : kept.subarray(0, length);
}
