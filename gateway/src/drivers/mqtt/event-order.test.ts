import { expect, test } from 'vitest';
import { EventOrder } from './event-order.ts';

const identity = { id: 'deduplicationId', counter: 'fCnt', session: 'devAddr' };
let next = 0;
const up = (fCnt: number, { id = `id-${next++}`, devAddr = '00bd5b1e' } = {}) => ({
  deduplicationId: id,
  fCnt,
  devAddr,
});

function verdicts(events: unknown[]): string[] {
  const order = new EventOrder(identity);
  return events.map((event) => order.judge(event));
}

test('events with rising counters are new, gaps included', () => {
  expect(verdicts([up(417), up(418), up(430)])).toEqual(['new', 'new', 'new']);
});

test('the same id is a copy, and so is the same counter under another id', () => {
  expect(verdicts([up(417, { id: 'a' }), up(417, { id: 'a' }), up(417)])).toEqual(['new', 'copy', 'copy']);
});

test('a lower counter is the replay of an old frame', () => {
  expect(verdicts([up(417), up(300), up(418)])).toEqual(['new', 'old', 'new']);
});

test.each([0, 1])('a counter that begins again at %i is a device that was reset', (first) => {
  expect(verdicts([up(417), up(first), up(first + 1)])).toEqual(['new', 'new', 'new']);
});

test('a reset whose first frames were lost is seen at its second frame', () => {
  expect(verdicts([up(417), up(5), up(6), up(7)])).toEqual(['new', 'old', 'new', 'new']);
});

test('one frame replayed again and again never becomes new', () => {
  expect(verdicts([up(417), up(300), up(300), up(300), up(299)])).toEqual(['new', 'old', 'old', 'old', 'old']);
});

test('a new session address means that the counter begins anew by right', () => {
  expect(verdicts([up(417), up(7, { devAddr: '01ffee00' }), up(8, { devAddr: '01ffee00' })])).toEqual([
    'new',
    'new',
    'new',
  ]);
});

test('a payload without id and counter is new', () => {
  expect(verdicts([{}, {}, 'ON', null])).toEqual(['new', 'new', 'new', 'new']);
});
