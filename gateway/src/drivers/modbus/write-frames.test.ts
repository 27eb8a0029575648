import { describe, expect, test } from 'vitest';
import { exampleUnit, functionExamples } from '../test-helpers/function-examples.ts';
import { bytes } from '../test-helpers/scripted-server.ts';
import { withCrc } from '../test-helpers/with-crc.ts';
import { MbapFraming } from './mbap-framing.ts';
import { assertRequest, valuesOf } from './request.ts';
import { RtuFraming } from './rtu-framing.ts';

const head = { unit: exampleUnit, framing: 'standard', strictTransactionId: true } as const;

const mbap = (pdu: string, id = '00 01'): Buffer => {
  const body = bytes(`11 ${pdu}`);
  return Buffer.concat([bytes(`${id} 00 00 00`), Buffer.from([body.length]), body]);
};

const writing = functionExamples.filter(({ request }) => 'words' in request);

describe.each(writing)('$name', ({ request, asked, answered, values: read }) => {
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
      expect(values).toEqual(read);
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
