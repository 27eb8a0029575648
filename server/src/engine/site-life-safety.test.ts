import { type SiteModel, silentLogger, VirtualClock } from '@plantroom/contracts';
import { loadCatalog } from '@plantroom/device-profiles';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CurrentValues } from '../current/current-values.ts';
import { type Database, openDatabase } from '../repositories/database.ts';
import { Engine } from './engine.ts';

const { catalog } = loadCatalog();
const gateway = 'hq/edge';
const name = { zh: '漏水', en: 'Leak' };
const site: SiteModel = {
  site: 'hq',
  name: { zh: '总部', en: 'Head office' },
  timeZone: 'Asia/Shanghai',
  lifeSafety: ['leak-1/water-leak#water-leak'],
  spaces: [{ id: 'room', kind: 'room', name: { zh: '配电室', en: 'Switch room' } }],
  equipment: ['leak-1', 'leak-2'].map((id) => ({ id, class: 'leak-detector', space: 'room', name })),
};

let clock: VirtualClock;
let database: Database;
let engine: Engine;
const begin = async (model: SiteModel): Promise<void> => {
  engine = new Engine({ database, catalog, current: new CurrentValues(), clock, logger: silentLogger });
  await engine.start();
  await engine.command((context) => engine.importSite(context, model));
};
const alarmOf = (id: string) => engine.book.get(`hq/${id}/water-leak#water-leak`)!;
const shelve = (id: string) =>
  engine.command(({ work }) => {
    const until = { untilMs: clock.nowMs() + 60_000, maxMs: 60_000 };
    return Promise.resolve(
      work.apply(alarmOf(id), { type: 'shelve', mode: 'timed', ...until, user: 'li', reason: 'wet' }),
    );
  });
const tell = async (value: boolean): Promise<void> => {
  const readings = ['leak-1', 'leak-2'].map((id) => ({
    point: `hq/${id}/water-leak`,
    value,
    quality: 'good' as const,
    wireTimeMs: clock.nowMs(),
  }));
  engine.readings(gateway, readings, false);
  clock.advance(10_000);
  engine.watermark(gateway, clock.nowMs());
  await engine.settled();
};

beforeEach(async () => {
  clock = new VirtualClock();
  database = await openDatabase(':memory:');
  await begin(site);
  engine.gatewayOnline(gateway, clock.nowMs());
  const point = { class: 'leak-detector', profile: null, unit: null, lane: 'safety' as const, silenceMs: null };
  const points = ['leak-1', 'leak-2'].map((id) => ({ point: `hq/${id}/water-leak`, ...point }));
  engine.deviceOnline(gateway, 'box', points, clock.nowMs());
  await engine.settled();
  await tell(false);
});
afterEach(async () => {
  await engine.stop();
  await database.close();
});

test('what the site says is about life is critical and cannot be hidden; the same alarm elsewhere stays what its class says', async () => {
  await tell(true);
  expect(alarmOf('leak-1').alarm).toMatchObject({ state: 'UNACK', lifeSafety: true, priority: 'critical' });
  expect(alarmOf('leak-2').alarm).toMatchObject({ state: 'UNACK', lifeSafety: false, priority: 'high' });
  expect((await shelve('leak-1')).refused).toBe('ALARM_LIFE_SAFETY');
  expect((await shelve('leak-2')).refused).toBeUndefined();
});

test('an earlier setting of the site does not loosen it', () => {
  const id = 'hq/leak-1/water-leak#water-leak';
  const override = {
    enabledWhen: { when: { point: 'battery', above: 50 } },
    priority: 'low' as const,
    onDelayMs: 60_000,
    enabled: false,
    latching: false,
    reason: 'drips',
  };
  engine.settings.replaceOverrides('hq/leak-1', [{ id, equipment: 'hq/leak-1', by: 'li', atMs: 0, override }]);
  engine.defineEquipment('hq/leak-1');
  expect(alarmOf('leak-1').definition).toMatchObject({
    lifeSafety: true,
    priority: 'critical',
    onDelayMs: 5_000,
    enabled: true,
    latching: false,
  });
  // In the operating states of its class, which are all.
  expect(alarmOf('leak-1').definition.enabledWhen).toBeUndefined();
});

test('an alarm that was shelved before its site said so is shown and announced when the server starts with it', async () => {
  await tell(true);
  await shelve('leak-2');
  expect(alarmOf('leak-2').alarm.state).toBe('SHLVD');
  await engine.stop();
  await begin({ ...site, lifeSafety: ['leak-2/water-leak#water-leak'] });
  clock.advance(1_000);
  await engine.settled();
  expect(alarmOf('leak-2').alarm).toMatchObject({ state: 'UNACK', lifeSafety: true, shelving: null });
});
