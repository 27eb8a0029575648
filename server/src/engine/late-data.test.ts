import { type AlarmJournalEntry, type Reading, silentLogger, VirtualClock } from '@plantroom/contracts';
import { loadCatalog } from '@plantroom/device-profiles';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CurrentValues } from '../current/current-values.ts';
import { type Database, openDatabase } from '../repositories/database.ts';
import { readJournal } from '../repositories/journal-repository.ts';
import { listOrders } from '../repositories/work-order-repository.ts';
import { Engine } from './engine.ts';

const { catalog } = loadCatalog();
const gateway = 'hq/edge';
const fire = 'hq/zone-1/fire';
const pumpFault = 'hq/pump-1/fault';

let clock: VirtualClock;
let database: Database;
let engine: Engine;
let startMs: number;
let announced: string[];

const at = (s: number): number => startMs + s * 1000;
const reading = (point: string, s: number, value: boolean): Reading => ({
  point,
  value,
  quality: 'good',
  wireTimeMs: at(s),
});
const tell = (historical: boolean, ...readings: Reading[]): Promise<void> => {
  engine.readings(gateway, readings, historical);
  return engine.settled();
};
const live = (...readings: Reading[]): Promise<void> => tell(false, ...readings);
const late = (...readings: Reading[]): Promise<void> => tell(true, ...readings);
const alarmOf = (point: string) => engine.book.of(point)[0]!.alarm;
const born = (point: string, equipmentClass: string) => ({
  point,
  class: equipmentClass,
  profile: null,
  unit: null,
  lane: 'live' as const,
  silenceMs: null,
});
const connect = async (): Promise<void> => {
  engine.gatewayOnline(gateway, clock.nowMs());
  engine.deviceOnline(gateway, 'box', [born(fire, 'fire-zone'), born(pumpFault, 'pump')], clock.nowMs());
  await engine.settled();
};
const disconnect = async (): Promise<void> => {
  engine.gatewayOffline(gateway, clock.nowMs());
  engine.degraded(gateway, [fire, pumpFault], 'uncertain', 'stale', clock.nowMs());
  await engine.settled();
};
/** Late data has come to its end. */
const quiet = async (): Promise<void> => {
  for (let s = 0; s < 7; s++) {
    clock.advance(1000);
    await engine.settled();
  }
};
const journal = async (point: string): Promise<AlarmJournalEntry[]> =>
  (await readJournal(database.db, { alarm: alarmOf(point).id })).items.reverse();
const told = async (point: string) =>
  (await journal(point))
    .filter(({ action }) => !['uncertain', 'certain'].includes(action))
    .map(({ action, atMs, historical }) => `${(atMs - startMs) / 1000} ${action}${historical ? ' (was)' : ''}`);
const begin = async (): Promise<void> => {
  engine = new Engine({ database, catalog, current: new CurrentValues(), clock, logger: silentLogger });
  engine.onEvent((event) => announced.push(...event.announced.map(({ id }) => id)));
  await engine.start();
};

beforeEach(async () => {
  clock = new VirtualClock();
  startMs = clock.nowMs();
  announced = [];
  database = await openDatabase(':memory:');
  await begin();
  await connect();
  await live(reading(fire, 0, false), reading(pumpFault, 0, false));
  await disconnect();
  clock.advance(600_000);
  await connect();
});
afterEach(async () => {
  await engine.stop();
  await database.close();
});

describe('after an outage of a gateway', () => {
  test('a fault that is over is in the journal with its true times, without a call and without an order', async () => {
    await live(reading(pumpFault, 600, false));
    await late(reading(pumpFault, 100, true), reading(pumpFault, 200, true), reading(pumpFault, 300, false));
    await late(reading(pumpFault, 400, false));
    await quiet();
    expect(await told(pumpFault)).toEqual(['102 activated (was)', '310 returned (was)']);
    expect(alarmOf(pumpFault)).toMatchObject({ state: 'NORM', flags: { active: false } });
    expect(announced).not.toContain(alarmOf(pumpFault).id);
    expect((await listOrders(database.db, {})).items).toEqual([]);
  });

  test('a fault that stands is one alarm, with its true time of onset, and one order', async () => {
    await live(reading(pumpFault, 600, true));
    engine.watermark(gateway, at(603));
    await engine.settled();
    expect(alarmOf(pumpFault)).toMatchObject({ onsetMs: at(600), activeMs: at(602) });
    await late(reading(pumpFault, 100, true), reading(pumpFault, 200, true));
    await quiet();
    expect(alarmOf(pumpFault)).toMatchObject({ state: 'UNACK', onsetMs: at(100), activeMs: at(102), count: 1 });
    expect(await told(pumpFault)).toEqual(['602 activated', '602 order-opened', '102 corrected']);
    expect((await listOrders(database.db, {})).items).toHaveLength(1);
  });

  test('a fire that is over is announced when its data comes', async () => {
    await live(reading(fire, 600, false));
    await late(reading(fire, 100, true));
    expect(alarmOf(fire)).toMatchObject({ state: 'UNACK', onsetMs: at(100) });
    expect(announced).toContain(alarmOf(fire).id);
    await late(reading(fire, 300, false));
    expect(alarmOf(fire)).toMatchObject({ state: 'LATCHED-UNACK', onsetMs: at(100), returnedMs: at(300) });
  });

  test('what is sent again is told once, also by a server that has been restarted meanwhile', async () => {
    await live(reading(pumpFault, 600, false), reading(fire, 600, false));
    const past = [
      reading(pumpFault, 100, true),
      reading(fire, 150, true),
      reading(fire, 200, false),
      reading(pumpFault, 300, false),
      reading(pumpFault, 400, false),
    ];
    await late(...past);
    await quiet();
    await late(...past);
    await engine.stop();
    await begin();
    await connect();
    await live(reading(pumpFault, 610, false), reading(fire, 610, false));
    await late(...past, reading(pumpFault, 600, false), reading(fire, 600, false));
    await quiet();
    expect(await told(pumpFault)).toEqual(['102 activated (was)', '310 returned (was)']);
    expect(await told(fire)).toEqual(['150 activated', '200 latched', '150 order-opened']);
  });

  test('a restart in the middle of late data goes on with it', async () => {
    await live(reading(fire, 600, false), reading(pumpFault, 600, false));
    await late(reading(fire, 100, true), reading(pumpFault, 100, true));
    await engine.stop();
    await begin();
    await connect();
    await live(reading(fire, 610, false), reading(pumpFault, 610, false));
    await late(reading(fire, 300, false), reading(pumpFault, 300, false), reading(pumpFault, 400, false));
    await quiet();
    expect(await told(fire)).toEqual(['100 activated', '100 order-opened', '300 latched']);
    expect(await told(pumpFault)).toEqual(['102 activated (was)', '310 returned (was)']);
  });

  test('as long as the gateway is away again, what is open stays open', async () => {
    await live(reading(pumpFault, 600, false));
    await late(reading(pumpFault, 100, true));
    await disconnect();
    await quiet();
    expect(await told(pumpFault)).toEqual([]);
    await connect();
    await late(reading(pumpFault, 200, false), reading(pumpFault, 300, false));
    await quiet();
    expect(await told(pumpFault)).toEqual(['102 activated (was)', '210 returned (was)']);
  });

  test('of a gateway that tells what is complete, a track ends with its watermark and not with a pause', async () => {
    engine.complete(gateway, 'live', 10);
    await live(reading(pumpFault, 600, false));
    await late(reading(pumpFault, 100, true));
    // The host was cut off meanwhile: nobody has told it that the gateway is away.
    await quiet();
    engine.watermark(gateway, at(599));
    await quiet();
    expect(await told(pumpFault)).toEqual([]);
    engine.watermark(gateway, at(601));
    await engine.settled();
    expect(await told(pumpFault)).toEqual(['102 activated (was)', '610 returned (was)']);
  });

  test('a birth without a value says nothing of what came behind the late data', async () => {
    engine.complete(gateway, 'live', 10);
    const none: Reading = { point: fire, value: null, quality: 'bad', reason: 'comm-lost', wireTimeMs: at(600) };
    await live(none);
    await late(reading(fire, 100, true));
    engine.watermark(gateway, at(601));
    await engine.settled();
    expect(alarmOf(fire)).toMatchObject({ state: 'UNACK', onsetMs: at(100) });
    await live(reading(fire, 602, true));
    engine.watermark(gateway, at(603));
    await engine.settled();
    expect(await told(fire)).toEqual(['100 activated', '100 order-opened']);
  });
});
