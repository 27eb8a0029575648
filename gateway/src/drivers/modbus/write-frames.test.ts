import { describe, expect, test } from 'vitest';
import { bytes } from '../test-helpers/scripted-server.ts';
import { withCrc } from '../test-helpers/with-crc.ts';
import { MbapFraming } from './mbap-framing.ts';
import { assertRequest, type ModbusRequest, valuesOf } from './request.ts';
import { RtuFraming } from './rtu-framing.ts';

const head = { unit: 0x11, framing: 'standard', strictTransactionId: true } as const;
const write = (table: 'coil' | 'holding', start: number, words: number[], single: boolean): ModbusRequest => ({
  ...head,
  table,
  start,
  words,
  single,
});

/** Examples of the Modbus Application Protocol 1.1b3, §6.5, §6.6, §6.11, §6.12 and §6.17: request and answer without unit id. */
const examples: [string, ModbusRequest, string, string][] = [
  ['5', write('coil', 0xac, [1], true), '05 00 AC FF 00', '05 00 AC FF 00'],
  ['5, off', write('coil', 0xac, [0], true), '05 00 AC 00 00', '05 00 AC 00 00'],
  ['6', write('holding', 1, [3], true), '06 00 01 00 03', '06 00 01 00 03'],
  ['15', write('coil', 0x13, [1, 0, 1, 1, 0, 0, 1, 1, 1, 0], false), '0F 00 13 00 0A 02 CD 01', '0F 00 13 00 0A'],
  ['16', write('holding', 1, [0x0a, 0x102], false), '10 00 01 00 02 04 00 0A 01 02', '10 00 01 00 02'],
  [
    '23',
    { ...head, start: 3, count: 6, writeStart: 0x0e, words: [0xff, 0xff, 0xff] },
    '17 00 03 00 06 00 0E 00 03 06 00 FF 00 FF 00 FF',
    '17 0C 00 FE 0A CD 00 01 00 03 00 0D 00 FF',
  ],
];

const mbap = (pdu: string, id = '00 01'): Buffer => {
  const body = bytes(`11 ${pdu}`);
  return Buffer.concat([bytes(`${id} 00 00 00`), Buffer.from([body.length]), body]);
};

describe.each(examples)('function %s', (_, request, asked, answered) => {
  const frames = {
    tcp: { framing: () => new MbapFraming(), frame: (pdu: string) => mbap(pdu) },
    rtu: { framing: () => new RtuFraming(), frame: (pdu: string) => withCrc(`11 ${pdu}`) },
  };
  const code = Number.parseInt(asked.slice(0, 2), 16);
  const exception = (n: string): string => `${(code | 0x80).toString(16)} ${n}`;

  test.each(Object.entries(frames))(
    'is asked and answered over %s, whole or split anywhere',
    (_name, { framing, frame }) => {
      const answer = frame(answered);
      for (let cut = 1; cut < answer.length; cut++) {
        const it = framing();
        expect(Buffer.from(it.begin(request))).toEqual(frame(asked));
        expect(it.receive(answer.subarray(0, cut))).toBeUndefined();
        expect(it.receive(answer.subarray(cut))?.kind).toBe('data');
      }
      const it = framing();
      it.begin(request);
      const reply = it.receive(Buffer.concat([answer, answer]));
      const values = reply?.kind === 'data' ? [...valuesOf(request, reply.bytes)] : undefined;
      expect(values).toEqual('count' in request ? [0xfe, 0xacd, 1, 3, 13, 0xff] : []);
    },
  );

  test.each(Object.entries(frames))('over %s, an exception carries its code', (_name, { framing, frame }) => {
    const it = framing();
    it.begin(request);
    expect(it.receive(frame(exception('04')))).toEqual({ kind: 'exception', code: 4 });
  });

  test('an answer that is damaged, or that repeats something else, is none', () => {
    const wrong = bytes(answered);
    wrong[wrong.length - 1]! ^= 1;
    const overTcp = new MbapFraming();
    overTcp.begin(request);
    const reply = overTcp.receive(mbap(wrong.toString('hex')));
    // The last byte of a read is data, which no frame over TCP can prove.
    expect(reply?.kind).toBe('count' in request ? 'data' : 'malformed');
    const overRtu = new RtuFraming();
    overRtu.begin(request);
    expect(overRtu.receive(withCrc(`11 ${wrong.toString('hex')}`))?.kind).toBe('count' in request ? 'data' : undefined);
    const damaged = withCrc(`11 ${answered}`);
    damaged[damaged.length - 1]! ^= 1;
    const again = new RtuFraming();
    again.begin(request);
    expect(again.receive(damaged)).toBeUndefined();
    expect(again.complaint()).toContain('no valid answer');
  });
});

test.each([
  [{ ...head, unit: 0, table: 'holding', start: 0, words: [1], single: true } as const, 'unit 0 is a broadcast'],
  [
    { ...head, table: 'holding', start: 0, words: Array<number>(124).fill(0), single: false } as const,
    'allowed are 1 to 123',
  ],
  [{ ...head, table: 'holding', start: 0, words: [1, 2], single: true } as const, 'allowed are 1 to 1'],
  [
    { ...head, table: 'holding', start: 0, words: [65536], single: true } as const,
    'value 65536, allowed are 0 to 65535',
  ],
  [{ ...head, table: 'coil', start: 0, words: [2], single: true } as const, 'value 2, allowed are 0 to 1'],
  [{ ...head, table: 'holding', start: 65535, words: [1, 2], single: false } as const, 'must end by 65535'],
  [{ ...head, table: 'input', start: 0, count: 126 } as const, 'allowed are 1 to 125'],
  [
    { ...head, framing: 'inovance-rtu16', table: 'holding', start: 0, words: [1], single: true } as const,
    'no writes in the dialect',
  ],
])('what no device could be asked is refused: %#', (request, message) => {
  expect(() => assertRequest(request)).toThrow(message);
});
