import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AlarmKpiReport, type ApiError, type OperatingPosition, type Shift } from '@plantroom/contracts';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../repositories/database.ts';
import { appendJournal } from '../../repositories/journal-repository.ts';
import { journalEntry } from '../../repositories/test-helpers/journal-entry.ts';
import type { RunningServer } from '../../server.ts';
import { startTestServer, TestClient, temporaryFolder } from '../../test-helpers/start-test-server.ts';

const { folder, remove } = temporaryFolder();
const t = Date.UTC(2026, 0, 20, 8);
const hour = 3_600_000;
const name = (zh: string, en: string) => `{ zh: ${zh}, en: ${en} }`;
let server: RunningServer;
let client: TestClient;

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
  server = await startTestServer(folder, { env: { PLANTROOM_SITE_FILE: siteFile } });
  client = new TestClient(server.url);
  await client.signIn();
  const database = await openDatabase(join(folder, 'plantroom.sqlite'));
  const pump = 'hq/booster-1/discharge-pressure#discharge-pressure-high';
  await appendJournal(database.db, [
    // Stood before the period: stale in it, acknowledged in it.
    journalEntry(pump, t - 40 * hour),
    journalEntry('hq/meter-1/gone#gone', t + hour, { priority: 'low' }),
    journalEntry(pump, t + 2 * hour, { action: 'acknowledged', stateBefore: 'UNACK', stateAfter: 'ACKED', user: 'li' }),
    journalEntry('hq/g/d#offline', t + 3 * hour, { equipment: null, priority: 'medium' }),
    journalEntry('other/meter-1/x#x', t + 3 * hour),
    journalEntry(pump, t + 4 * hour, { action: 'configured', stateBefore: 'ACKED', stateAfter: 'ACKED' }),
  ]);
  await database.close();
});
afterAll(async () => {
  await server.stop();
  remove();
});

const kpis = (query: string) => client.call<AlarmKpiReport>('GET', `/api/alarms/kpis?${query}`);
const period = `site=hq&from=${t}&to=${t + 24 * hour}`;
const figure = (report: AlarmKpiReport, id: string) => report.kpis.find((kpi) => kpi.id === id)?.value;

test('the report of a site is of all its positions, with what stood before', async () => {
  const { status, body } = await kpis(period);
  expect(status).toBe(200);
  expect(Value.Check(AlarmKpiReport, body)).toBe(true);
  expect(body).toMatchObject({ site: 'hq', position: null, positions: 2, annunciated: 2, isShort: true });
  // Two in a day, for one of two positions.
  expect(figure(body, 'alarms-per-day')).toBe(1);
  expect(figure(body, 'acknowledge-median')).toBe(42 * hour);
  expect(figure(body, 'stale')).toBe(1);
  expect(body.stale).toMatchObject([{ equipment: 'hq/booster-1', sinceMs: t - 40 * hour, returnedMs: null }]);
  // Definitions have their name of now, what is gone the one that it had.
  expect(body.badActors.map(({ alarm, name: of }) => [alarm, of?.en])).toEqual([
    ['hq/g/d#offline', 'Old name'],
    ['hq/meter-1/gone#gone', 'Old name'],
  ]);
  expect(body.stale[0]?.name?.en).not.toBe('Old name');
  expect(figure(body, 'unauthorised-changes')).toBe(1);
  expect(body.priorities.reduce((all, { configured }) => all + configured, 0)).toBeGreaterThan(10);
  expect(body.rate.counts).toHaveLength(144);
});

test('a position has its own alarms; what belongs to none is the first one’s', async () => {
  const desk = (await kpis(`${period}&position=desk`)).body;
  expect([desk.positions, desk.annunciated, desk.stale.length]).toEqual([1, 2, 0]);
  const plant = (await kpis(`${period}&position=plant`)).body;
  expect([plant.positions, plant.annunciated, plant.stale.length]).toEqual([1, 0, 1]);
  expect(figure(plant, 'top-10-share')).toBeNull();
});

test('an end in the future is now, and without a period it is the last thirty days', async () => {
  const { body } = await kpis('site=hq');
  expect(body.toMs - body.fromMs).toBe(30 * 24 * hour);
  expect(body.isShort).toBe(false);
  const later = (await kpis(`site=hq&from=${t}&to=${Date.now() + 1000 * hour}`)).body;
  expect(later.toMs).toBeLessThanOrEqual(Date.now());
});

test('a site, position or period that there is not is refused with its name', async () => {
  for (const [query, status, field] of [
    ['site=nowhere', 404, 'site'],
    ['site=hq&position=roof', 404, 'position'],
    [`site=hq&from=${t}&to=${t}`, 400, 'from'],
    [`site=hq&from=0&to=${t}`, 400, 'from'],
  ] as const) {
    const answer = await client.call<ApiError>('GET', `/api/alarms/kpis?${query}`);
    expect([query, answer.status, answer.body.field]).toEqual([query, status, field]);
  }
  expect((await client.call<ApiError>('GET', '/api/alarms/kpis')).status).toBe(400);
});

test('positions and shifts are told', async () => {
  const positions = await client.call<{ items: OperatingPosition[] }>('GET', '/api/alarms/positions?site=hq');
  expect(positions.body.items.map(({ id }) => id)).toEqual(['desk', 'plant']);
  const shifts = await client.call<{ items: Shift[] }>('GET', '/api/shifts?site=hq');
  expect(shifts.body.items.map(({ id }) => id)).toEqual(['day', 'night']);
  expect((await client.call('GET', '/api/shifts?site=nowhere')).status).toBe(404);
});
