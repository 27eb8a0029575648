import { describe, expect, test } from 'vitest';
import { encodeValue, sentinel, threeBlocks } from '../registers.ts';
import { Judge } from './judge.ts';
import { Ledger } from './ledger.ts';
import type { RigDevice } from './serving.ts';
import { parseStoredLine } from './stored-line.ts';

const device = (index: number, id: string): RigDevice => ({
  index,
  id,
  line: 'l',
  unit: index,
  blocks: threeBlocks,
  profile: 'three-blocks',
  requests: 0,
});
const one = device(1, 'one');
const two = device(2, 'two');
const askedAtMs = 1_000_000;
const sentAtMs = askedAtMs + 8;
const overAtMs = sentAtMs + 10;

/** Of the first block of `one`: counter 1 well, counter 2 in a frame that is no answer, counter 3 late; counter 1 of `two` well. The line was asked again after that. */
function rig(): { judge: Judge; store(line: string): string[] } {
  const ledger = new Ledger();
  for (const [from, mayStore] of [
    [one, 'yes'],
    [one, 'never'],
    [one, 'late'],
    [two, 'yes'],
  ] as const) {
    const about = { mayStore, turn: { overAtMs }, fault: mayStore, requestedAtMs: askedAtMs };
    ledger.sent(ledger.serve(from, { code: 3, start: 0, count: 10 }, about)!.serving, sentAtMs);
  }
  const judge = new Judge({
    ledger,
    devices: [one, two],
    handOverMs: 0,
    longestMs: 10_000,
    measurement: 'rig-device',
  });
  return {
    judge,
    store(line) {
      for (const field of parseStoredLine(line)) judge.take(field);
      return judge.wrong.map((wrong) => wrong.why);
    },
  };
}

const stored = (point: string, value: number, timeMs = sentAtMs + 1): string =>
  `rig-device,site=rig,equipment=one ${point}=${value} ${timeMs}`;
const good = encodeValue({ device: 1, point: 3, counter: 1 });

describe('the judge of the rig', () => {
  test('lets pass what was served for this point', () => {
    expect(rig().store(stored('p03', good))).toEqual([]);
  });

  test.each([
    ['a value that nobody has served', 'p03', encodeValue({ device: 1, point: 3, counter: 9 }), 'was never served'],
    ['words in the wrong order', 'p03', ((good << 16) | (good >>> 16)) >>> 0, 'was never served'],
    ['a zero that nobody has served', 'p03', 0, 'was never served'],
    ['the sentinel', 'p03', sentinel, 'was never served'],
    ['a fraction', 'p03', good + 0.5, 'was never served'],
    ['the value of another device', 'p03', encodeValue({ device: 2, point: 3, counter: 1 }), 'was served by two'],
    ['the value of the point beside it', 'p04', good, 'is the value of another point'],
    ['a point that was not asked', 'p11', encodeValue({ device: 1, point: 11, counter: 1 }), 'where this point is not'],
    ['a damaged answer', 'p03', encodeValue({ device: 1, point: 3, counter: 2 }), 'no answer ("never")'],
  ])('finds %s', (_what, point, value, why) => {
    expect(rig().store(stored(point, value))).toEqual([expect.stringContaining(why)]);
  });

  test.each([
    ['before it was served', sentAtMs - 1, '1 ms before'],
    ['after the next request', overAtMs + 1, 'answer to a later request'],
  ])('finds a value with a time %s', (_what, timeMs, why) => {
    expect(rig().store(stored('p03', good, timeMs))).toEqual([expect.stringContaining(why)]);
  });

  test('lets a late answer pass only as long as nothing else has been asked', () => {
    const late = encodeValue({ device: 1, point: 3, counter: 3 });
    expect(rig().store(stored('p03', late, overAtMs))).toEqual([]);
    expect(rig().store(stored('p03', late, overAtMs + 1))).toEqual([expect.stringContaining('later request')]);
  });

  test('finds a value that is stored again at another time, not one that is sent again', () => {
    const { store } = rig();
    expect(store(stored('p03', good))).toEqual([]);
    expect(store(stored('p03', good))).toEqual([]);
    expect(store(stored('p03', good, sentAtMs + 2))).toEqual([expect.stringContaining('stored before')]);
  });

  test('finds equipment that the rig does not have', () => {
    expect(rig().store(`rig-device,site=rig,equipment=three p03=${good} ${sentAtMs + 1}`)).toEqual([
      'names no point of the rig',
    ]);
  });

  test('gives what was served around the wrong value as evidence', () => {
    const { judge, store } = rig();
    store(stored('p03', 5));
    expect(judge.wrong[0]!.served.map(({ counter, mayStore }) => [counter, mayStore])).toEqual([
      [1, 'yes'],
      [2, 'never'],
      [3, 'late'],
    ]);
  });

  test('knows which points are not good', () => {
    const { judge, store } = rig();
    expect(judge.notGood(sentAtMs + 5)).toHaveLength(30);
    store(`point_quality,site=rig,equipment=one,point=p03 code=192 ${sentAtMs}`);
    store(`point_quality,site=rig,equipment=one,point=p04 code=0,reason="comm-lost" ${sentAtMs}`);
    expect(judge.notGood(sentAtMs + 5)).toHaveLength(29);
    expect(judge.notGood(sentAtMs + 5)).toContain('one/p04');
    store(`point_quality,site=rig,equipment=one,point=p04 code=192 ${sentAtMs + 6}`);
    store(`point_quality,site=rig,equipment=one,point=p04 code=500,reason="stale" ${sentAtMs + 7}`);
    expect(judge.notGood(sentAtMs + 5)).toHaveLength(28);
    expect(judge.notGood(sentAtMs + 7)).not.toContain('one/p04');
    expect(judge.notGood(sentAtMs + 8)).toContain('one/p04');
  });
});

test('a stored line is read with its escapes and quotes', () => {
  expect(parseStoredLine('a\\ b,t\\,1=x\\=y f=1,g="q, r=1",h=t 42')).toMatchObject([
    { measurement: 'a b', tags: { 't,1': 'x=y' }, field: 'f', value: 1, timeMs: 42 },
    { field: 'g', value: 'q, r=1' },
    { field: 'h', value: true },
  ]);
  expect(() => parseStoredLine('a f=1')).toThrow('no line');
});
