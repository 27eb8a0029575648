import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiError, JournalPage } from '@plantroom/contracts';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningServer } from '../../server.ts';
import { bornPoint, dischargePressure as point } from '../../test-helpers/booster-site.ts';
import { startTestServer, TestClient, temporaryFolder } from '../../test-helpers/start-test-server.ts';

const { folder, remove } = temporaryFolder();
const t = Date.UTC(2026, 0, 20, 8);
let server: RunningServer;
let client: TestClient;

beforeAll(async () => {
  const siteFile = join(folder, 'site.yaml');
  writeFileSync(
    siteFile,
    `
site: hq
name: { zh: 总部, en: HQ }
timeZone: Asia/Shanghai
spaces:
  - { id: b1, kind: building, name: { zh: 一号楼, en: B1 } }
equipment:
  - { id: booster-1, class: booster-pump-set, name: { zh: 一号泵组, en: Booster set 1 }, space: b1 }
`,
  );
  server = await startTestServer(folder, { env: { PLANTROOM_SITE_FILE: siteFile } });
  client = new TestClient(server.url);
  await client.signIn();
  server.engine.deviceOnline('hq/g', 'd', [bornPoint(point, 'booster-pump-set', 'kPa')], t);
  await server.engine.settled();
  const limit = { kind: 'H', limit: 600, priority: 'high', opensOrder: false, enabled: true, reason: 'test' };
  await client.call('PUT', `/api/points/${point}/limits/H`, limit);
  for (const [value, atMs] of [
    [500, t],
    [900, t + 60_000],
    [900, t + 240_000],
  ] as const) {
    server.engine.readings('hq/g', [{ point, value, quality: 'good', wireTimeMs: atMs }], false);
    server.engine.watermark('hq/g', atMs);
  }
  await server.engine.settled();
});
afterAll(async () => {
  await server.stop();
  remove();
});

const search = (query: string) => client.call<JournalPage>('GET', `/api/alarms/journal?${query}`);
const bodyOf = (path: string) => fetch(server.url + path, { headers: { cookie: client.cookie } });

test('an entry has the names of alarm and equipment, and is found by both, by its system and by its time', async () => {
  const { status, body } = await search('system=water&action=activated');
  expect(status).toBe(200);
  expect(Value.Check(JournalPage, body)).toBe(true);
  expect(body.items).toMatchObject([
    { alarm: `${point}#discharge-pressure-high`, equipment: 'hq/booster-1', lifeSafety: false },
  ]);
  const name = body.items[0]?.name?.zh ?? '';
  expect(name).not.toBe('');
  for (const q of [name, '一号泵组', 'booster SET', 'discharge-pressure#DISCHARGE']) {
    expect([q, (await search(`action=activated&q=${encodeURIComponent(q)}`)).body.items.length]).toEqual([q, 1]);
  }
  expect((await search('system=fire')).body.items).toEqual([]);
  expect(
    (await search(`clock=happened&from=${t}&to=${t + 300_000}&action=activated&action=reset`)).body.items,
  ).toHaveLength(1);
  expect((await search(`clock=happened&from=${t + 300_000}&action=activated`)).body.items).toEqual([]);
});

test('a wrong filter is refused with its name', async () => {
  for (const [query, field] of [
    ['from=5&to=5', 'to'],
    ['action=exploded', 'action'],
    ['clock=mine', 'clock'],
    ['surprise=1', 'surprise'],
  ]) {
    const { status, body } = await client.call<ApiError>('GET', `/api/alarms/journal?${query}`);
    expect([query, status, body.field]).toEqual([query, 400, field]);
  }
});

test('what was searched goes out as a file in either language', async () => {
  const csv = await bodyOf('/api/alarms/journal/export?format=csv&lang=en&action=activated');
  expect([csv.status, csv.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
  expect(csv.headers.get('content-disposition')).toBe('attachment; filename="alarm-journal.csv"');
  const [heading, line, end] = (await csv.text()).split('\r\n');
  expect(heading).toContain('No.,Happened,Recorded');
  expect(line).toContain('Booster set 1');
  expect(line).toContain('2026-01-20 16:0');
  expect(end).toBe('');
  const xlsx = await bodyOf('/api/alarms/journal/export?format=xlsx');
  expect(xlsx.headers.get('content-type')).toContain('spreadsheetml');
  expect(
    Buffer.from(await xlsx.arrayBuffer())
      .subarray(0, 2)
      .toString(),
  ).toBe('PK');
  expect((await bodyOf('/api/alarms/journal/export?format=pdf')).status).toBe(400);
});

test('exports end and make room for others', async () => {
  for (let count = 0; count < 6; count++) {
    const answer = await bodyOf('/api/alarms/journal/export?format=csv');
    expect(answer.status).toBe(200);
    await answer.text();
  }
});
