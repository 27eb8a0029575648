import { expect, test } from 'vitest';
import { bytes } from '../test-helpers/scripted-server.ts';
import { type ReadRequest, valuesOf } from './request.ts';

const head = { unit: 1, framing: 'standard', strictTransactionId: true, start: 0 } as const;

test.each<[string, ReadRequest, string, string[]]>([
  ['registers', { ...head, table: 'holding', count: 2 }, '12 34 56 78', ['12 34 56 79', '02 34 56 78', '12 34 57 78']],
  ['bits', { ...head, table: 'coil', count: 11 }, 'cd 05', ['cc 05', 'cd 01', '4d 05']],
])('%s that say the same as before are the very same array, others are not', (_, request, answer, others) => {
  const first = valuesOf(request, bytes(answer));
  expect(valuesOf(request, bytes(answer))).not.toBe(first);
  const again = { ...request, before: first };
  expect(valuesOf(again, bytes(answer))).toBe(first);
  for (const other of others) {
    expect(valuesOf(again, bytes(other))).toEqual(valuesOf(request, bytes(other)));
    expect(valuesOf(again, bytes(other))).not.toEqual(first);
  }
  expect(valuesOf({ ...again, count: request.count - 1 }, bytes(answer))).toHaveLength(request.count - 1);
});

test('bits that fill the last byte up are no change', () => {
  const request: ReadRequest = { ...head, table: 'coil', count: 11 };
  const before = valuesOf(request, bytes('cd 05'));
  expect(valuesOf({ ...request, before }, bytes('cd f5'))).toBe(before);
});
