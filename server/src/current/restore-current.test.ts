import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHistorian } from '../historian/create-historian.ts';
import type { Historian } from '../historian/historian.ts';
import { temporaryFolder } from '../test-helpers/start-test-server.ts';
import { CurrentValues } from './current-values.ts';
import { restoreCurrent } from './restore-current.ts';

const t = Date.UTC(2026, 0, 20, 8);
const points = ['hq/meter-1/power', 'hq/zone-1/fire', 'hq/meter-1/never'];
let bed: ReturnType<typeof temporaryFolder>;
let historian: Historian;
let clock: VirtualClock;
let current: CurrentValues;

const begin = () =>
  restoreCurrent(points, {
    current,
    historian,
    isBoolean: (point) => point.endsWith('/fire'),
    clock,
    logger: silentLogger,
  });

beforeEach(() => {
  bed = temporaryFolder();
  clock = new VirtualClock(t + 60_000);
  current = new CurrentValues();
  historian = createHistorian({ kind: 'duckdb', folder: bed.folder, clock, logger: silentLogger });
});

afterEach(async () => {
  await historian.stop();
  bed.remove();
});

async function store(): Promise<void> {
  const samples = [
    { point: 'hq/meter-1/power', timeMs: t, value: 10 },
    { point: 'hq/meter-1/power', timeMs: t + 1000, value: 11 },
    { point: 'hq/zone-1/fire', timeMs: t + 500, value: 1 },
  ];
  await historian.write(samples, []);
}

test('the last values are stale and keep the time at which they were measured; what was never stored stays unknown', async () => {
  await historian.start();
  await store();
  const stop = begin();
  await eventually(() => expect([...current.all()]).toHaveLength(2));
  const stale = { quality: 'uncertain', reason: 'stale', ingestTimeMs: t + 60_000 };
  expect(current.get('hq/meter-1/power')).toEqual({
    point: 'hq/meter-1/power',
    value: 11,
    wireTimeMs: t + 1000,
    ...stale,
  });
  expect(current.get('hq/zone-1/fire')).toEqual({
    point: 'hq/zone-1/fire',
    value: true,
    wireTimeMs: t + 500,
    ...stale,
  });
  expect(current.get('hq/meter-1/never')).toBeUndefined();
  stop();
});

test('what a gateway has said by then is not touched, even where the historian knows a newer one', async () => {
  await historian.start();
  await store();
  const good = { point: 'hq/meter-1/power', value: 9, quality: 'good', wireTimeMs: t - 1, ingestTimeMs: t } as const;
  current.set(good);
  const stop = begin();
  await eventually(() => expect(current.get('hq/zone-1/fire')).toBeDefined());
  expect(current.get('hq/meter-1/power')).toEqual(good);
  stop();
});

test('a historian that refuses is asked again', async () => {
  let asked = 0;
  const row = { columns: ['time', 'last'], values: [[t + 1000, 11]] };
  const influx = createServer((_request, response) => {
    asked += 1;
    if (asked === 1) response.writeHead(503).end('busy');
    else response.end(JSON.stringify({ results: [{ series: [{ name: 'power-meter', ...row }] }, {}, {}] }));
  });
  await new Promise<void>((resolve) => influx.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(influx.address() as AddressInfo).port}`;
  const classOf = () => 'power-meter';
  historian = createHistorian({ kind: 'influxdb', url, bucket: 'plantroom', classOf, clock, logger: silentLogger });
  const stop = begin();
  await eventually(() => {
    clock.advance(5_000);
    expect(current.get('hq/meter-1/power')).toMatchObject({ value: 11, quality: 'uncertain' });
  });
  expect(asked).toBe(2);
  stop();
  await new Promise((resolve) => influx.close(resolve));
});
