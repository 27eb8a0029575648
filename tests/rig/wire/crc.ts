/** CRC of Modbus over serial line (1.02, §6.2.2), bit by bit: the rig shares no code with what it tests. */
export function crcOf(frame: Uint8Array): Buffer {
  let crc = 0xffff;
  for (const byte of frame) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return Buffer.from([crc & 0xff, crc >> 8]);
}
