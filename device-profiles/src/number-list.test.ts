import { expect, it } from 'vitest';
import { expandNumberList } from './number-list.ts';

it('expands ranges and keeps the order', () => {
  expect(expandNumberList([1, 4, '10-12', 2])).toEqual([1, 4, 10, 11, 12, 2]);
  expect(expandNumberList(['7-7'])).toEqual([7]);
  expect(expandNumberList([])).toEqual([]);
});

it.each(['9-3', '5', 'a-b', '1-', '-3', '1-2-3', '0-10000'])('"%s" is refused by name', (entry) => {
  expect(() => expandNumberList([entry])).toThrow(`"${entry}" is not a rising range`);
});
