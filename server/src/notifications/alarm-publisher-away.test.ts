import { type Alarm, silentLogger, VirtualClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { expect, test } from 'vitest';
import { openDatabase } from '../repositories/database.ts';
import { appendJournal } from '../repositories/journal-repository.ts';
import { readCursor } from '../repositories/notification-call-repository.ts';
import { AlarmPublisher } from './alarm-publisher.ts';

test('an alarm that became normal while the broker was away is not retained for ever when the events are turned off meanwhile', async () => {
  const database = await openDatabase(':memory:');
  const clock = new VirtualClock();
  const id = 'hq/pump-1/x#H';
  const retained = new Map<string, string>();
  let state: Alarm['state'] = 'NORM';
  let isOn = true;
  let isAway = false;
  let told = (): void => undefined;
  const alarm = () => ({ id, state }) as Alarm;
  const publisher = new AlarmPublisher({
    database,
    isOn: () => isOn,
    alarmOf: alarm,
    standing: () => (state === 'NORM' ? [] : [alarm()]),
    onJournal: (listener) => {
      told = listener;
      return () => undefined;
    },
    publish: (topic, payload, { retain }) => {
      if (isAway) return Promise.reject(new Error('away'));
      if (retain && payload === '') retained.delete(topic);
      else if (retain) retained.set(topic, payload);
      return Promise.resolve();
    },
    clock,
    logger: silentLogger,
  });
  const becomes = async (stateAfter: Alarm['state']): Promise<void> => {
    const entry = {
      alarm: id,
      equipment: null,
      name: null,
      lifeSafety: false,
      occurrence: null,
      value: null,
      details: null,
    };
    const at = { atMs: clock.nowMs(), recordedMs: clock.nowMs(), historical: false, user: null, comment: null };
    const priority = 'high' as const;
    await appendJournal(database.db, [
      { ...entry, ...at, priority, action: 'activated', stateBefore: state, stateAfter },
    ]);
    state = stateAfter;
    told();
  };
  const cursor = () => readCursor(database.db, 'mqtt');
  publisher.start();
  await eventually(async () => expect(await cursor()).toBe(0), { everyMs: 1 });
  await becomes('UNACK');
  await eventually(async () => expect(await cursor()).toBe(1), { everyMs: 1 });
  expect([...retained.keys()]).toEqual(['plantroom/alarms/hq/pump-1/x/H']);
  isAway = true;
  await becomes('NORM');
  isOn = false;
  isAway = false;
  publisher.wake();
  await eventually(async () => expect(await cursor()).toBeNull(), { everyMs: 1 });
  expect([...retained.keys()]).toEqual([]);
  await publisher.stop();
  await database.close();
});
