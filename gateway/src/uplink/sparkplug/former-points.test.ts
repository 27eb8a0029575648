import { describe, expect, test } from 'vitest';
import type { Outbox, OutboxSlice } from '../../outbox/outbox.ts';
import { pointTable } from '../../pipeline/point-table.ts';
import { testBinding, testDevice } from '../../test-helpers/devices.ts';
import { readBefore } from '../read-before.ts';
import { PointHistory } from './former-points.ts';

const drive = testDevice('drive', [testBinding('flow'), testBinding('head')]);
const tank = testDevice('tank', [testBinding('level', { equipment: 'tank-1' })]);
const one = pointTable('tower', [drive, tank]);

describe('points that were taken out', () => {
  test('are in the table of a session that still has readings of them to send, behind all others', () => {
    const history = new PointHistory(one);
    const two = pointTable('tower', [testDevice('drive', [testBinding('head')])], [], { former: one });
    history.change(two, { safety: 0, live: 10 });
    const { table, until } = history.tableFrom({ safety: 0, live: 9 });
    expect(until).toEqual({ safety: 0, live: 10 });
    expect(table.points.map(({ id, index, alias, deviceIndex }) => [id, index, alias, deviceIndex])).toEqual([
      ['tower/pump-1/head', 0, 1, 0],
      ['tower/pump-1/flow', 1, 0, 0],
      ['tower/tank-1/level', 2, 2, 1],
    ]);
    expect(table.devices.map(({ id }) => id)).toEqual(['drive', 'tank']);
    expect(table.ofDevice.map((own) => own.map(({ id }) => id.split('/')[2]))).toEqual([['head', 'flow'], ['level']]);
    expect(history.tableFrom({ safety: 0, live: 10 })).toEqual({ table: two, until: undefined });
  });

  test('are forgotten when they come back, and remembered over several changes', () => {
    const history = new PointHistory(one);
    const two = pointTable('tower', [drive], [], { former: one });
    const three = pointTable('tower', [tank], [], { former: two });
    history.change(two, { safety: 0, live: 10 });
    history.change(three, { safety: 0, live: 20 });
    const { table, until } = history.tableFrom({ safety: 0, live: 0 });
    expect(until?.live).toBe(20);
    expect(table.points.map(({ id }) => id)).toEqual(['tower/tank-1/level', 'tower/pump-1/flow', 'tower/pump-1/head']);
  });
});

/** Readings at these positions, as an outbox that was thinned holds them. */
function thinned(...positions: number[]): Pick<Outbox, 'read'> {
  return {
    read(lane, from, most): OutboxSlice | undefined {
      const rest = positions.filter((position) => position >= from);
      const taken = rest.slice(0, most);
      const [first] = taken;
      if (first === undefined) return undefined;
      const to = rest[most] ?? taken.at(-1)! + 1;
      return {
        lane,
        from: first,
        to,
        readings: taken.map((value) => ({ point: 'p', value, quality: 'good', wireTimeMs: 1 })),
      };
    },
  };
}

test.each([
  ['all of it lies before', thinned(0, 1, 2), 10, [0, 1, 2]],
  ['some lies behind', thinned(0, 1, 2, 3, 4), 3, [0, 1, 2]],
  ['positions have gaps before', thinned(0, 5, 9, 10, 11), 10, [0, 5, 9]],
  ['a gap reaches over the end', thinned(0, 5, 14), 10, [0, 5]],
  ['everything lies behind', thinned(12, 13), 10, []],
  ['there is nothing', thinned(), 10, []],
])('what is read before a position when %s', (_name, outbox, until, expected) => {
  const values: unknown[] = [];
  let from = 0;
  for (;;) {
    const slice = readBefore(outbox, 'live', { from, until, most: 100 });
    if (slice === undefined) break;
    expect(slice.to).toBeGreaterThan(from);
    values.push(...slice.readings.map(({ value }) => value));
    from = slice.to;
    if (from >= until) break;
  }
  expect(values).toEqual(expected);
});
