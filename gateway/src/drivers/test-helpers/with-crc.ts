import { bytes } from './scripted-server.ts';

/** The frame with its CRC, computed the long way, bit by bit, so that the product's table is not its own witness. */
export function withCrc(text: string): Buffer {
  const frame = bytes(text);
  let crc = 0xffff;
  for (const byte of frame) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return Buffer.concat([frame, Buffer.from([crc & 0xff, crc >> 8])]);
}
