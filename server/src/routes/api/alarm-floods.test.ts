import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FloodFigures, PositionFlood, type ShiftHandover } from '@plantroom/contracts';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../repositories/database.ts';
import { appendJournal, type JournalWrite } from '../../repositories/journal-repository.ts';
import { journalEntry } from '../../repositories/test-helpers/journal-entry.ts';
import type { RunningServer } from '../../server.ts';
import { startTestServer, TestClient, temporaryFolder } from '../../test-helpers/start-test-server.ts';

const { folder, remove } = temporaryFolder();
const minute = 60_000;
const now = Date.now();
const name = (zh: string, en: string) => `{ zh: ${zh}, en: ${en} }`;
let server: RunningServer;
let client: TestClient;

const entry = (alarm: string, atMs: number, more: Partial<JournalWrite> = {}): JournalWrite =>
  journalEntry(alarm, atMs, alarm.includes('#flood/') ? { equipment: null, ...more } : more);

const past = (position: string, beganMs: number): JournalWrite[] => {
  const first = { alarm: 'hq/meter-1/voltage-l1#phase-loss-l1', equipment: 'hq/meter-1', atMs: beganMs - minute };
  const counts = { alarms: 11, lifeSafety: 0, critical: 0, rate: 11, peak: 11 };
  const flood: FloodFigures = { position, beganMs, ...counts, first, systems: [], equipment: [] };
  const of = (action: 'flood-began' | 'flood-ended', atMs: number, figures: FloodFigures) =>
    entry(`hq/positions#flood/${position}`, atMs, {
      action,
      stateAfter: 'NORM',
      occurrence: `hq/${position}/${beganMs}`,
      details: { flood: figures },
    });
  return [
    of('flood-began', beganMs, flood),
    of('flood-ended', beganMs + 20 * minute, { ...flood, alarms: 30, rate: 4 }),
  ];
};

beforeAll(async () => {
  const siteFile = join(folder, 'site.yaml');
  writeFileSync(
    siteFile,
    `
site: hq
name: ${name('总部', 'HQ')}
timeZone: Asia/Shanghai
operatingPositions:
  - { id: desk, name: ${name('值班室', 'Duty desk')}, systems: [power] }
  - { id: plant, name: ${name('泵房', 'Pump room')}, systems: [water] }
spaces:
  - { id: b1, kind: building, name: ${name('一号楼', 'B1')} }
equipment:
  - { id: booster-1, class: booster-pump-set, name: ${name('一号泵组', 'Booster set 1')}, space: b1 }
  - { id: meter-1, class: power-meter, name: ${name('总表', 'Main meter')}, space: b1 }
`,
  );
  const url = join(folder, 'plantroom.sqlite');
  server = await startTestServer(folder, { env: { PLANTROOM_SITE_FILE: siteFile } });
  await server.stop();
  const database = await openDatabase(url);
  await appendJournal(database.db, [
    ...past('desk', now - 600 * minute),
    ...past('plant', now - 500 * minute),
    ...past('desk', now - 400 * minute),
    ...Array.from({ length: 12 }, (_, at) => entry(`hq/booster-1/pump-${at}#fault`, now - minute)),
    ...Array.from({ length: 10 }, (_, at) => entry(`hq/meter-1/p${at}#high`, now - minute)),
  ]);
  await database.close();
  server = await startTestServer(folder, { env: { PLANTROOM_SITE_FILE: siteFile } });
  client = new TestClient(server.url);
  await client.signIn();
});
afterAll(async () => {
  await server.stop();
  remove();
});

const list = async (query: string) =>
  (await client.call<{ items: PositionFlood[]; next: string | null }>('GET', `/api/alarms/floods?site=hq${query}`))
    .body;

test('what goes on stands first, each position by itself, then the past ones, newest first and page by page', async () => {
  const all = await list('');
  for (const item of all.items) expect([...Value.Errors(PositionFlood, item)]).toEqual([]);
  expect(all.items.map(({ position, beganMs, endedMs }) => [position, beganMs - now, endedMs === null])).toEqual([
    ['plant', -minute, true],
    ['desk', -400 * minute, false],
    ['plant', -500 * minute, false],
    ['desk', -600 * minute, false],
  ]);
  expect(all.items[0]).toMatchObject({ name: { en: 'Pump room' }, alarms: 12, rate: 12 });
  expect(all.items[1]).toMatchObject({ alarms: 30, endedMs: now - 380 * minute });
  const first = await list('&position=desk&limit=1');
  expect(first.items.map(({ beganMs }) => beganMs - now)).toEqual([-400 * minute]);
  const rest = await list(`&position=desk&limit=1&after=${first.next}`);
  expect(rest.items.map(({ beganMs }) => beganMs - now)).toEqual([-600 * minute]);
  expect(rest.next).toBeNull();
});

test('a site or position that there is not is told so', async () => {
  expect((await client.call('GET', '/api/alarms/floods?site=moon')).status).toBe(404);
  expect((await client.call('GET', '/api/alarms/floods?site=hq&position=moon')).status).toBe(404);
});

test('the metrics name the position and how many came within ten minutes', async () => {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  expect(text).toContain('plantroom_alarm_flood{site="hq",position="plant"} 12');
  expect(text).not.toContain('position="desk"');
});

test('the shift of a position hands over the floods of that position that ended in it or go on', async () => {
  const { body } = await client.call<ShiftHandover>('GET', '/api/handovers/shift?site=hq&position=plant');
  const { floods = [] } = body.report;
  expect(floods.at(-1)).toMatchObject({ position: 'plant', name: { en: 'Pump room' }, endedMs: null });
  const ended = now - 480 * minute;
  expect(floods.slice(0, -1).map(({ position, endedMs }) => [position, endedMs])).toEqual(
    ended >= body.fromMs ? [['plant', ended]] : [],
  );
});
