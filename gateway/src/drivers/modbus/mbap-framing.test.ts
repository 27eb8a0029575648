import { describe, expect, test } from 'vitest';
import { bytes } from '../test-helpers/scripted-server.ts';
import { MbapFraming } from './mbap-framing.ts';
import { type ReadRequest, valuesOf } from './request.ts';

const request = (some: Partial<ReadRequest> = {}): ReadRequest => ({
  unit: 1,
  table: 'input',
  start: 0,
  count: 2,
  framing: 'standard',
  strictTransactionId: true,
  ...some,
});

/** 230.2 V as a Eastron meter sends it: 43 66 33 33. */
const answer = bytes('00 01 00 00 00 07 01 04 04 43 66 33 33');

function begun(some: Partial<ReadRequest> = {}): MbapFraming {
  const framing = new MbapFraming();
  framing.begin(request(some));
  return framing;
}

describe('MBAP framing', () => {
  test('writes the request as the specification prints it', () => {
    const framing = new MbapFraming();
    expect(Buffer.from(framing.begin(request({ unit: 17, table: 'holding', start: 0x6b, count: 3 })))).toEqual(
      bytes('00 01 00 00 00 06 11 03 00 6B 00 03'),
    );
    expect(Buffer.from(framing.begin(request({ table: 'coil', start: 0x13, count: 19 })))).toEqual(
      bytes('00 02 00 00 00 06 01 01 00 13 00 13'),
    );
  });

  test('takes a whole answer', () => {
    const reply = begun().receive(answer);
    expect(reply?.kind).toBe('data');
    if (reply?.kind === 'data') expect([...valuesOf(request(), reply.bytes)]).toEqual([0x4366, 0x3333]);
  });

  test('takes an answer split at every possible place', () => {
    for (let cut = 1; cut < answer.length; cut++) {
      const framing = begun();
      expect(framing.receive(answer.subarray(0, cut))).toBeUndefined();
      expect(framing.receive(answer.subarray(cut))?.kind).toBe('data');
    }
  });

  test('takes the right one of two answers in one segment', () => {
    const framing = begun();
    framing.abandon();
    framing.begin(request());
    const both = bytes('00 01 00 00 00 07 01 04 04 11 11 11 11  00 02 00 00 00 07 01 04 04 22 22 22 22');
    const reply = framing.receive(both);
    expect(reply?.kind === 'data' && [...reply.bytes]).toEqual([0x22, 0x22, 0x22, 0x22]);
    expect(framing.stray()).toBe(1);
  });

  test('after a frame that was never completed the next answer is taken by its id, also with its header in a segment of its own', () => {
    const framing = begun();
    framing.receive(bytes('00 01 00 00 00 0C 01 04 04 11 11 11 11'));
    framing.abandon();
    framing.begin(request({ unit: 2 }));
    expect(framing.receive(bytes('00 02 00 00 00 07 02'))).toBeUndefined();
    expect(framing.receive(bytes('04 04 22 22 22 22'))?.kind).toBe('data');
  });

  describe.each([true, false])('after a frame that was never completed (strict ids: %s)', (strictTransactionId) => {
    const cutOff = bytes('00 01 00 00 00 0C 01 04 04 11 11 11 11');
    const asked = (): MbapFraming => {
      const framing = begun({ strictTransactionId });
      framing.receive(cutOff);
      framing.abandon();
      framing.begin(request({ strictTransactionId, unit: 2 }));
      return framing;
    };

    test('the next answer, whole in its segment, is taken for itself: one device does not cost another its poll', () => {
      const reply = asked().receive(bytes('00 02 00 00 00 07 02 04 04 22 22 22 22'));
      expect(reply?.kind === 'data' && [...reply.bytes]).toEqual([0x22, 0x22, 0x22, 0x22]);
    });

    test('its end that comes late is still its end, and the answer behind it is taken', () => {
      const framing = asked();
      expect(framing.receive(bytes('11 11 11 11 11'))).toBeUndefined();
      const reply = framing.receive(bytes('00 02 00 00 00 07 02 04 04 22 22 22 22'));
      expect(reply?.kind === 'data' && [...reply.bytes]).toEqual([0x22, 0x22, 0x22, 0x22]);
    });

    test('what only looks like an answer brings the connection to an end, and gives no value', () => {
      expect(asked().receive(bytes('00 02 00 00 00 07 03 04 04 22 22 22 22'))?.kind).toBe('desync');
      expect(asked().receive(bytes('00 02 00 00 00 08 02 04 04 22 22 22 22'))?.kind).toBe('desync');
    });
  });

  test('an answer to an older request is dropped', () => {
    const framing = begun();
    framing.abandon();
    framing.begin(request());
    expect(framing.receive(answer)).toBeUndefined();
    expect(framing.complaint()).toContain('transaction id 1');
  });

  test('an answer that comes after the request was given up is late', () => {
    const framing = begun();
    framing.abandon();
    expect(framing.receive(answer)).toEqual({ kind: 'late' });
  });

  test('an exception carries its code', () => {
    expect(begun().receive(bytes('00 01 00 00 00 03 01 84 02'))).toEqual({ kind: 'exception', code: 2 });
  });

  test.each([
    ['another unit', '00 01 00 00 00 07 02 04 04 43 66 33 33', 'unit 2 answered for unit 1'],
    ['another function', '00 01 00 00 00 07 01 03 04 43 66 33 33', 'function 3 answered to function 4'],
    ['too few registers', '00 01 00 00 00 05 01 04 02 43 66', '2 data bytes in a frame of 5, 4 asked for'],
    ['a byte count that lies', '00 01 00 00 00 07 01 04 06 43 66 33 33', '6 data bytes in a frame of 7, 4 asked for'],
    ['an exception too long', '00 01 00 00 00 04 01 84 02 00', 'exception of a wrong length'],
  ])('refuses an answer with the right id and %s', (_, frame, message) => {
    const reply = begun().receive(bytes(frame));
    expect(reply?.kind).toBe('malformed');
    expect(reply?.kind === 'malformed' && reply.message).toContain(message);
  });

  test.each([
    ['a foreign protocol id', '00 01 00 05 00 07 01 04 04 43 66 33 33'],
    ['a length of nothing', '00 01 00 00 00 00 01 04 04 43 66 33 33'],
    ['a length beyond the limit', '00 01 00 00 01 00 01 04 04 43 66 33 33'],
    ['text', '48 54 54 50 2F 31 2E 31'],
  ])('says that %s cannot be brought back into step', (_, frame) => {
    expect(begun().receive(bytes(frame))?.kind).toBe('desync');
  });

  test('with lenient ids any id is taken, but not another function, unit or length', () => {
    const framing = begun({ strictTransactionId: false });
    expect(framing.receive(bytes('00 63 00 00 00 05 01 04 02 43 66'))).toBeUndefined();
    expect(framing.receive(bytes('00 02 00 00 00 07 02 04 04 43 66 33 33'))).toBeUndefined();
    expect(framing.receive(bytes('00 02 00 00 00 07 01 04 04 43 66 33 33'))?.kind).toBe('data');
  });

  test('transaction ids come round without passing zero', () => {
    const framing = new MbapFraming();
    for (let i = 0; i < 65535; i++) framing.begin(request());
    expect(Buffer.from(framing.begin(request())).readUInt16BE(0)).toBe(1);
  });

  test('bits come lowest first', () => {
    const bits = request({ table: 'discrete', start: 0xc4, count: 22 });
    const framing = new MbapFraming();
    framing.begin(bits);
    // Modbus Application Protocol 1.1b3, §6.2: inputs 197-218 are AC DB 35.
    const reply = framing.receive(bytes('00 01 00 00 00 06 01 02 03 AC DB 35'));
    expect(reply?.kind === 'data' && valuesOf(bits, reply.bytes).join('')).toBe('0011010111011011101011');
  });
});
