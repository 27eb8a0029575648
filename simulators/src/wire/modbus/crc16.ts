const polynomial = 0xa001;

/** What a byte makes of the sum. */
const steps = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ polynomial : crc >> 1;
  return crc;
});

/** Modbus CRC16: start 0xFFFF, polynomial 0xA001 reflected; sent low byte first. Of the first `length` bytes; left out: of all. */
export function crc16(bytes: Uint8Array, length = bytes.length): number {
  let crc = 0xffff;
  for (let i = 0; i < length; i++) crc = (crc >> 8) ^ (steps[(crc ^ (bytes[i] ?? 0)) & 0xff] ?? 0);
  return crc;
}

export function withCrc(bytes: Uint8Array): Uint8Array {
  const framed = new Uint8Array(bytes.length + 2);
  framed.set(bytes);
  return sealed(framed);
}

/** Puts the sum of all that stands before the last two bytes into these. */
export function sealed(frame: Uint8Array): Uint8Array {
  const end = frame.length - 2;
  const crc = crc16(frame, end);
  frame[end] = crc & 0xff;
  frame[end + 1] = crc >> 8;
  return frame;
}
