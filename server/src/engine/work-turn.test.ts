import { setImmediate } from 'node:timers/promises';
import { type Clock, silentLogger, VirtualClock } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { CurrentValues } from '../current/current-values.ts';
import { openDatabase } from '../repositories/database.ts';
import { Engine } from './engine.ts';

test('while many births are worked on, sockets and timers have their turn', async () => {
  const still = new VirtualClock();
  // Each look at it is ten milliseconds later.
  let looks = 0;
  const clock: Clock = {
    nowMs: () => still.nowMs(),
    monotonicMs: () => ++looks * 10,
    after: (ms, call) => still.after(ms, call),
  };
  const database = await openDatabase(':memory:');
  const engine = new Engine({
    database,
    catalog: { classes: new Map() },
    current: new CurrentValues(),
    clock,
    logger: silentLogger,
  });
  await engine.start();
  for (let i = 0; i < 200; i++) engine.deviceOnline('hq/edge', `box-${i}`, [], still.nowMs());
  await setImmediate();
  expect(engine.stats().waiting).toBeGreaterThan(0);
  await engine.settled();
  expect(engine.plant.devices.size).toBe(200);
  await engine.stop();
  await database.close();
});
