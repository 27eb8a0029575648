const twoTo28 = 2 ** 28;
const fewBytes = 40;

/** A growing byte buffer with the few encodings that batches and Sparkplug payloads need. */
export class ByteWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(capacity = 4096) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  bytes(values: Uint8Array): void {
    this.#reserve(values.length);
    const bytes = this.#bytes;
    const at = this.#length;
    // So few are copied before a call of `set` has begun.
    if (values.length <= fewBytes) for (let i = 0; i < values.length; i++) bytes[at + i] = values[i] as number;
    else bytes.set(values, at);
    this.#length += values.length;
  }

  /** LEB128, up to 2^53. */
  varint(value: number): void {
    this.#reserve(8);
    const bytes = this.#bytes;
    let at = this.#length;
    let rest = value;
    if (rest >= twoTo28) {
      // Shifts cut at 32 bits, so a larger number is taken apart first.
      const high = Math.floor(rest / twoTo28);
      const low = rest - high * twoTo28;
      bytes[at++] = low | 0x80;
      bytes[at++] = (low >>> 7) | 0x80;
      bytes[at++] = (low >>> 14) | 0x80;
      bytes[at++] = (low >>> 21) | 0x80;
      rest = high;
    }
    while (rest >= 0x80) {
      bytes[at++] = rest | 0x80;
      rest >>>= 7;
    }
    bytes[at++] = rest;
    this.#length = at;
  }

  /** Zigzag, |value| < 2^52. */
  signed(value: number): void {
    this.varint(value >= 0 ? value * 2 : -value * 2 - 1);
  }

  float32(value: number): void {
    this.#reserve(4);
    this.#view.setFloat32(this.#length, value, true);
    this.#length += 4;
  }

  float64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  text(value: string): void {
    const bytes = Buffer.from(value, 'utf8');
    this.varint(bytes.length);
    this.bytes(bytes);
  }

  /** Leaves room for the length of what follows; answers the place to give to `closeLength`. */
  openLength(): number {
    this.byte(0);
    return this.#length;
  }

  /** Writes, as a varint, how long that has become. */
  closeLength(from: number): void {
    const length = this.#length - from;
    if (length < 0x80) {
      this.#bytes[from - 1] = length;
      return;
    }
    // Rarely so long: what was written moves up.
    const more = Math.ceil((32 - Math.clz32(length)) / 7) - 1;
    this.#reserve(more);
    this.#bytes.copyWithin(from + more, from, this.#length);
    this.#length = from - 1;
    this.varint(length);
    this.#length = from + more + length;
  }

  /** Forgets what was written, keeps the room. */
  clear(): void {
    this.#length = 0;
  }

  /** A copy of what has been written, in Node's pool: memory of its own takes longer to get than all that was written. */
  copy(): Buffer {
    return Buffer.from(this.written());
  }

  /** What has been written; a view, valid until the next write. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
