import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiError, type HandoverSummary, ShiftHandover } from '@plantroom/contracts';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningServer } from '../../server.ts';
import { startTestServer, TestClient, temporaryFolder } from '../../test-helpers/start-test-server.ts';

const { folder, remove } = temporaryFolder();
const t = Date.now();
const pressure = 'hq/booster-1/discharge-pressure';
const voltage = 'hq/meter-1/voltage-l1';
let server: RunningServer;
let admin: TestClient;

const siteFile = `
site: hq
name: { zh: 总部, en: HQ }
timeZone: Asia/Shanghai
operatingPositions:
  - { id: control-room, name: { zh: 消防控制室, en: Fire control room }, systems: [power] }
  - { id: plant, name: { zh: 设备值班室, en: Plant desk }, systems: [water] }
spaces:
  - { id: b1, kind: building, name: { zh: 一号楼, en: B1 } }
equipment:
  - { id: booster-1, class: booster-pump-set, name: { zh: 一号泵组, en: Booster set 1 }, space: b1 }
  - { id: meter-1, class: power-meter, name: { zh: 总表, en: Main meter }, space: b1 }
`;
const born = (point: string, equipmentClass: string, unit: 'kPa' | 'V') =>
  ({ point, class: equipmentClass, profile: 'acme/b', unit, lane: 'live', silenceMs: 3_000 }) as const;

beforeAll(async () => {
  writeFileSync(join(folder, 'site.yaml'), siteFile);
  const env = { PLANTROOM_SITE_FILE: join(folder, 'site.yaml') };
  server = await startTestServer(folder, { env });
  admin = new TestClient(server.url);
  await admin.signIn();
  await admin.call('POST', '/api/users', { username: 'wang', role: 'technician', password: 'long enough' });
  const limit = { kind: 'H', onDelayMs: 0, priority: 'high', opensOrder: true, enabled: true, reason: 'test' };
  for (const [point, equipmentClass, unit, device] of [
    [pressure, 'booster-pump-set', 'kPa', 'pumps'],
    [voltage, 'power-meter', 'V', 'meter'],
  ] as const) {
    server.engine.deviceOnline('hq/g', device, [born(point, equipmentClass, unit)], t);
    await server.engine.settled();
    await admin.call('PUT', `/api/points/${point}/limits/H`, { ...limit, limit: 300 });
    server.engine.readings('hq/g', [{ point, value: 330, quality: 'good', wireTimeMs: t }], false);
    server.engine.deviceOffline('hq/g', device, t);
  }
  await server.engine.settled();
});
afterAll(async () => {
  await server.stop();
  remove();
});

const shiftOf = (position?: string) =>
  admin.call<ShiftHandover & ApiError>(
    'GET',
    `/api/handovers/shift?site=hq${position === undefined ? '' : `&position=${position}`}`,
  );

test('each position hands over what is its own, and a site with several is not handed over as a whole', async () => {
  for (const [position, own, foreign] of [
    ['control-room', 'meter', 'pumps'],
    ['plant', 'pumps', 'meter'],
  ] as const) {
    const { status, body } = await shiftOf(position);
    expect(status).toBe(200);
    expect(Value.Check(ShiftHandover, body)).toBe(true);
    expect(body.position?.id).toBe(position);
    const equipment = position === 'plant' ? 'hq/booster-1' : 'hq/meter-1';
    expect(body.report.standing.filter((alarm) => alarm.equipment !== equipment)).toEqual([]);
    expect(body.report.standing).not.toEqual([]);
    expect(body.report.orders.map((order) => order.equipment)).toEqual([equipment]);
    const away = body.report.away.map(({ id }) => id);
    expect(away).toContain(`hq/g/${own}`);
    expect(away).not.toContain(`hq/g/${foreign}`);
  }
  const whole = await shiftOf();
  expect([whole.status, whole.body.field]).toEqual([400, 'position']);
  expect(whole.body.message).toContain('control-room, plant');
  expect((await shiftOf('roof')).status).toBe(404);
});

test('both signatures are of the position: one signed leaves the other open', async () => {
  const { fromMs } = (await shiftOf('plant')).body;
  const leave = (body: object) => admin.call<ShiftHandover & ApiError>('POST', '/api/handovers/leave', body);
  const asked = { site: 'hq', fromMs, notes: '二号泵异响' };
  expect((await leave(asked)).body.field).toBe('position');
  const left = (await leave({ ...asked, position: 'plant' })).body;
  expect(left).toMatchObject({ state: 'left', position: { id: 'plant', name: { en: 'Plant desk' } } });
  expect((await shiftOf('control-room')).body).toMatchObject({ state: 'open', notes: '' });
  const signature = { username: 'wang', password: 'long enough' };
  const taken = await admin.call<ShiftHandover>('POST', `/api/handovers/${left.id}/take`, signature);
  expect(taken.body).toMatchObject({ state: 'taken', leftBy: 'admin', takenBy: 'wang', position: { id: 'plant' } });
  const noted = await admin.call<ShiftHandover>('PUT', '/api/handovers/notes', { ...asked, position: 'control-room' });
  expect(noted.body).toMatchObject({ state: 'open', position: { id: 'control-room' } });
  const list = async (more = '') =>
    (await admin.call<{ items: HandoverSummary[] }>('GET', `/api/handovers?site=hq${more}`)).body.items.map(
      ({ position }) => position?.id,
    );
  expect(await list()).toEqual(['control-room', 'plant']);
  expect(await list('&position=plant')).toEqual(['plant']);
});
