import { expect, test } from 'vitest';
import { bytes } from '../test-helpers/scripted-server.ts';
import { crc16 } from './crc16.ts';

test.each([
  // Modbus over serial line 1.02, appendix B: 02 07 has the CRC 1241 (hex) and is sent as 02 07 41 12.
  ['02 07', 0x1241],
  // The request that the manuals print, sent as 11 03 00 6B 00 03 76 87.
  ['11 03 00 6B 00 03', 0x8776],
  ['01 04 02 FF FF', 0x80b8],
])('the CRC of %s', (text, crc) => {
  const frame = bytes(text);
  expect(crc16(frame, 0, frame.length)).toBe(crc);
});
