import type { Alarm } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { afterFirst, groupAlarms, suppressedBy } from './alarm-groups.ts';

const alarm = (id: string, over: Partial<Alarm> = {}): Alarm =>
  ({
    id,
    state: 'UNACK',
    priority: 'high',
    lifeSafety: false,
    activeMs: 1,
    firstOut: null,
    suppressedBy: [],
    ...over,
  }) as Alarm;
const outline = (shown: Alarm[], all = shown): string[] =>
  groupAlarms(shown, all).map(
    (group) =>
      `${group.alarm.id} > ${group.after.map(({ id }) => id).join(' ')} (${group.suppressed.map(({ id }) => id).join(' ')})`,
  );

const hidden = { state: 'DSUPR', firstOut: 'grid', suppressedBy: ['grid'] } as const;

test('what follows stands under what came first, and what is suppressed behind it', () => {
  const grid = alarm('grid');
  const late = alarm('late', { firstOut: 'grid', priority: 'low' });
  const car = alarm('car', { ...hidden, suppressedBy: ['grid'] });
  expect(outline([late, grid], [late, grid, car])).toEqual(['grid > late (car)']);
  expect(suppressedBy('grid', [grid, car, late])).toEqual([car]);
  expect(afterFirst('grid', [grid, car, late])).toEqual([late]);
});

test('life safety is under nothing, and neither is what has lost its first-out or follows in a chain', () => {
  const fire = alarm('fire', { firstOut: 'grid', lifeSafety: true, priority: 'critical' });
  expect(outline([alarm('grid'), fire])).toEqual(['fire >  ()', 'grid >  ()']);
  expect(outline([alarm('b', { firstOut: 'gone' })])).toEqual(['b >  ()']);
  const chain = [alarm('a'), alarm('b', { firstOut: 'a' }), alarm('c', { firstOut: 'b' })];
  expect(outline(chain)).toEqual(['a > b ()', 'c >  ()']);
});

test('a group stands where its worst alarm would', () => {
  const [first, bad] = [alarm('first', { priority: 'low' }), alarm('bad', { firstOut: 'first', priority: 'critical' })];
  expect(outline([alarm('other', { priority: 'medium' }), first, bad])).toEqual(['first > bad ()', 'other >  ()']);
});

test('in the list of what is suppressed each alarm stands by itself', () => {
  const car = alarm('car', { ...hidden, suppressedBy: ['grid'] });
  expect(outline([car], [alarm('grid'), car])).toEqual(['car >  ()']);
});
