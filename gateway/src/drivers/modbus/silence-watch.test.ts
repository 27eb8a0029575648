import { expect, test } from 'vitest';
import { SilenceWatch } from './silence-watch.ts';

test('one dead unit, however often it is asked, is no dead connection while another has answered', () => {
  const watch = new SilenceWatch();
  watch.answered(1);
  watch.answered(2);
  for (let i = 0; i < 100; i++) expect(watch.timedOut(2)).toBeUndefined();
});

test('a connection on which nothing has answered is dead after three', () => {
  const watch = new SilenceWatch();
  expect([1, 2, 3].map((unit) => watch.timedOut(unit))).toEqual([
    undefined,
    undefined,
    'no answer to 3 requests in a row',
  ]);
});

test('so is one on which three that had answered fall silent, or the only one that had', () => {
  const many = new SilenceWatch();
  for (let unit = 1; unit <= 50; unit++) many.answered(unit);
  expect([many.timedOut(1), many.timedOut(2)]).toEqual([undefined, undefined]);
  expect(many.timedOut(3)).toBeDefined();
  const one = new SilenceWatch();
  one.answered(1);
  expect([one.timedOut(1), one.timedOut(1)]).toEqual([undefined, undefined]);
  expect(one.timedOut(1)).toBeDefined();
});
