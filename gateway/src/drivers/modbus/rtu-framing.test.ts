import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytes } from '../test-helpers/scripted-server.ts';
import { withCrc } from '../test-helpers/with-crc.ts';
import type { ReadRequest } from './request.ts';
import { RtuFraming } from './rtu-framing.ts';

const request = (some: Partial<ReadRequest> = {}): ReadRequest => ({
  unit: 0x11,
  table: 'holding',
  start: 0x6b,
  count: 3,
  framing: 'standard',
  strictTransactionId: true,
  ...some,
});
const nice = request({ unit: 1, start: 0x1010, count: 1, framing: 'inovance-rtu16' });
const answer = bytes('11 03 06 AE 41 56 52 43 40 49 AD');

function begun(of = request()): RtuFraming {
  const framing = new RtuFraming();
  framing.begin(of);
  return framing;
}

describe('RTU framing', () => {
  test('writes the request with its CRC', () => {
    expect(Buffer.from(new RtuFraming().begin(request()))).toEqual(bytes('11 03 00 6B 00 03 76 87'));
  });

  test('takes a whole answer and one split at every possible place', () => {
    expect(begun().receive(answer)?.kind).toBe('data');
    for (let cut = 1; cut < answer.length; cut++) {
      const framing = begun();
      expect(framing.receive(answer.subarray(0, cut))).toBeUndefined();
      const reply = framing.receive(answer.subarray(cut));
      expect(reply?.kind === 'data' && Buffer.from(reply.bytes)).toEqual(bytes('AE 41 56 52 43 40'));
    }
  });

  test('finds the answer behind noise and behind the answer of another unit', () => {
    expect(begun().receive(Buffer.concat([bytes('FF 11 00'), answer]))?.kind).toBe('data');
    const another = bytes('12 03 06 AE 41 56 52 43 40 49 9E');
    expect(begun().receive(Buffer.concat([another, answer]))?.kind).toBe('data');
  });

  test('does not take an echo of its own request for the answer', () => {
    const framing = begun();
    expect(framing.receive(bytes('11 03 00 6B 00 03 76 87'))).toBeUndefined();
    expect(framing.receive(answer)?.kind).toBe('data');
  });

  test.each([
    ['a damaged byte', '11 03 06 AE 41 56 52 43 41 49 AD'],
    ['another unit', '12 03 06 AE 41 56 52 43 40 49 9E'],
    ['another byte count', '11 03 04 AE 41 56 52 23 1E'],
  ])('an answer with %s is none, and is told', (_, frame) => {
    const framing = begun();
    expect(framing.receive(bytes(frame))).toBeUndefined();
    expect(framing.complaint()).toContain(`${bytes(frame).length} bytes came that hold no valid answer`);
  });

  test('any single flipped bit is noticed', () => {
    fc.assert(
      fc.property(fc.nat(answer.length * 8 - 1), (bit) => {
        const damaged = Buffer.from(answer);
        damaged[bit >>> 3]! ^= 1 << (bit & 7);
        return begun().receive(damaged) === undefined;
      }),
    );
  });

  test('an exception carries its code', () => {
    expect(begun(request({ unit: 0x0a, table: 'coil' })).receive(bytes('0A 81 02 B0 53'))).toEqual({
      kind: 'exception',
      code: 2,
    });
  });

  test('an exception frame inside the data of a split answer is data', () => {
    const of = request({ unit: 0x0a, table: 'coil', count: 40 });
    const frame = withCrc('0A 01 05 0A 81 02 B0 53');
    const framing = begun(of);
    expect(framing.receive(frame.subarray(0, 8))).toBeUndefined();
    const reply = framing.receive(frame.subarray(8));
    expect(reply?.kind === 'data' && Buffer.from(reply.bytes)).toEqual(bytes('0A 81 02 B0 53'));
  });

  test('an answer that comes after the request was given up is late, and later bytes belong to nothing', () => {
    const framing = begun();
    framing.abandon();
    expect(framing.receive(answer)).toEqual({ kind: 'late' });
    expect(framing.receive(answer)).toBeUndefined();
    expect(framing.stray()).toBe(2);
  });
});

describe('NICE3000+ dialect', () => {
  test('asks as standard RTU does and takes a byte count of 16 bits', () => {
    const framing = new RtuFraming();
    expect(Buffer.from(framing.begin(nice))).toEqual(withCrc('01 03 10 10 00 01'));
    // 1.750 m/s
    const reply = framing.receive(withCrc('01 03 00 02 06 D6'));
    expect(reply?.kind === 'data' && Buffer.from(reply.bytes)).toEqual(bytes('06 D6'));
  });

  test('does not take a standard answer', () => {
    expect(begun(nice).receive(withCrc('01 03 02 06 D6'))).toBeUndefined();
  });

  test.each([
    ['01 03 80 01 00 04', 2],
    ['01 80 01 00 04', 2],
    ['01 03 80 01 00 02', 1],
    ['01 03 80 01 00 07', 6],
  ])('an error %s is exception %i', (frame, code) => {
    expect(begun(nice).receive(withCrc(frame))).toEqual({ kind: 'exception', code });
  });
});
