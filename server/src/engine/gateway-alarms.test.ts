import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { loadCatalog } from '@plantroom/device-profiles';
import { expect, test } from 'vitest';
import { CurrentValues } from '../current/current-values.ts';
import { outboxSource } from '../domain/system-definitions.ts';
import { openDatabase } from '../repositories/database.ts';
import { Engine } from './engine.ts';

test('a gateway whose outbox takes nothing is an alarm until it takes readings again', async () => {
  const clock = new VirtualClock();
  const database = await openDatabase(':memory:');
  const { catalog } = loadCatalog({ profiles: new Set() });
  const engine = new Engine({ database, catalog, current: new CurrentValues(), clock, logger: silentLogger });
  await engine.start();
  engine.gatewayOnline('hq/edge', clock.nowMs());
  const states: string[] = [];
  for (const isRefusing of [false, true, true, false]) {
    clock.advance(1000);
    engine.system(outboxSource('hq/edge'), isRefusing);
    await engine.settled();
    states.push(engine.book.of(outboxSource('hq/edge'))[0]?.alarm.state ?? 'none');
  }
  expect(states).toEqual(['NORM', 'UNACK', 'UNACK', 'RTNUN']);
  expect(engine.book.of('hq/edge')[0]?.alarm.state).toBe('NORM');
  await engine.stop();
  await database.close();
});
