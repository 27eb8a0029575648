import type { CurrentValue, LiveDelta } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { initialAlarm } from '../domain/alarms/machine.ts';
import { testDefinition } from '../domain/test-helpers/definition.ts';
import { LiveConnection } from './live-connection.ts';

function slowScreen() {
  const screen = { deltas: [] as LiveDelta[], dropped: null as { values: number } | null, closed: false, buffered: 0 };
  const connection = new LiveConnection(
    {
      delta: (delta) => screen.deltas.push(delta),
      overrun: (dropped) => {
        screen.dropped = dropped;
      },
      bufferedBytes: () => screen.buffered,
      close: () => {
        screen.closed = true;
      },
    },
    { maxBufferedBytes: 100, maxSlowFlushes: 3 },
  );
  connection.subscribe({ kind: 'equipment', ids: ['hq/pump-1'] });
  return { screen, connection };
}
const value = (v: number, point = 'hq/pump-1/flow'): CurrentValue => ({
  point,
  value: v,
  quality: 'good',
  wireTimeMs: v,
  ingestTimeMs: v,
});

test('one flush carries the newest value of each point that was asked for', () => {
  const { screen, connection } = slowScreen();
  connection.open();
  for (const v of [1, 2, 3]) connection.value(value(v));
  connection.value(value(9, 'hq/pump-2/flow'));
  connection.flush(50);
  connection.flush(60);
  expect(screen.deltas).toEqual([{ seq: 1, serverTimeMs: 50, values: [['hq/pump-1/flow', 3, 'good', 3]] }]);
});

test('nothing goes out before the snapshot, and what happened meanwhile follows it', () => {
  const { screen, connection } = slowScreen();
  connection.value(value(1));
  connection.flush(1);
  expect(screen.deltas).toEqual([]);
  expect(connection.open()).toBe(0);
  connection.flush(2);
  expect(screen.deltas).toMatchObject([{ seq: 1, values: [['hq/pump-1/flow', 1, 'good', 1]] }]);
});

test('a full socket gets alarms but no values; it is told what was left out, and gets the newest later', () => {
  const { screen, connection } = slowScreen();
  connection.open();
  screen.buffered = 500;
  connection.value(value(1));
  connection.state({ alarms: [initialAlarm(testDefinition())] });
  connection.flush(1);
  expect(screen.deltas).toHaveLength(1);
  expect(screen.deltas[0]).not.toHaveProperty('values');
  connection.value(value(2));
  connection.value(value(3));
  screen.buffered = 0;
  connection.flush(2);
  expect(screen.deltas[1]).toMatchObject({ seq: 2, thinned: 2, values: [['hq/pump-1/flow', 3, 'good', 3]] });
});

test('a socket that stays full is cut off, once', () => {
  const { screen, connection } = slowScreen();
  connection.open();
  screen.buffered = 500;
  connection.value(value(1));
  for (let i = 0; i < 10; i++) connection.flush(i);
  expect(screen.dropped).toEqual({ values: 1 });
  expect(screen.closed).toBe(true);
});
