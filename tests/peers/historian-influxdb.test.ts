import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHistorian } from '../../server/src/historian/create-historian.ts';
import { parquetContract } from '../../server/src/historian/export/parquet-contract.ts';
import type { Historian } from '../../server/src/historian/historian.ts';
import { historianContract } from '../../server/src/historian/historian-contract.ts';
import { peer } from '../helpers/peers.ts';
import { type RunningInfluxd, runInfluxd } from '../helpers/run-influxd.ts';

const influxd = peer('influxd');
const clock = new VirtualClock(Date.UTC(2026, 0, 20));

describe.skipIf(!influxd.available)(`InfluxDB historian${influxd.available ? '' : ` (${influxd.hint})`}`, () => {
  let server: RunningInfluxd;
  const make = (bucket: string, classOf: (point: string) => string | null): Historian =>
    createHistorian({ kind: 'influxdb', url: server.url, bucket, classOf, logger: silentLogger, clock });

  beforeAll(async () => {
    server = await runInfluxd();
  });
  afterAll(async () => {
    await server.stop();
  });

  describe('with the class of each point known', () => {
    let historian: Historian;
    beforeAll(async () => {
      historian = make('known', () => 'pump');
      await historian.start();
    });
    afterAll(async () => {
      await historian.stop();
    });
    historianContract(() => ({ historian, nowMs: clock.nowMs() }));
    parquetContract(() => historian);

    test('the lines are as the contract has them: class, site, equipment, one field per point', async () => {
      const timeMs = Date.UTC(2026, 0, 10);
      await historian.write([{ point: 'hq/p-1/speed', timeMs, value: 12.5 }], []);
      const answer = await server.query<{ results: { series: object[] }[] }>(
        'known',
        'SELECT "speed" FROM "pump" WHERE "site" = \'hq\' AND "equipment" = \'p-1\'',
      );
      expect(answer.results[0]?.series).toEqual([
        { name: 'pump', columns: ['time', 'speed'], values: [[timeMs, 12.5]] },
      ]);
    });
  });

  describe('without any class known', () => {
    let historian: Historian;
    beforeAll(async () => {
      historian = make('unknown', () => null);
      await historian.start();
    });
    afterAll(async () => {
      await historian.stop();
    });
    historianContract(() => ({ historian, nowMs: clock.nowMs() }));

    test('what a gateway wrote under a class is found all the same', async () => {
      const timeMs = Date.UTC(2026, 0, 10);
      const writer = make('unknown', () => 'elevator');
      await writer.write([{ point: 'hq/lift-1/floor', timeMs, value: 7 }], []);
      const query = {
        points: ['hq/lift-1/floor'],
        fromMs: timeMs,
        toMs: timeMs + 1,
        aggregate: 'raw',
        limit: 10,
      } as const;
      expect((await historian.query(query))[0]).toMatchObject({ t: [timeMs], v: [7] });
    });
  });

  test('a server that is not there is one retryable error with its address', async () => {
    const historian = createHistorian({
      kind: 'influxdb',
      url: 'http://127.0.0.1:9',
      bucket: 'x',
      classOf: () => null,
      logger: silentLogger,
      clock,
    });
    await expect(historian.start()).rejects.toMatchObject({ code: 'INFLUX_UNREACHABLE', retryable: true });
  });
});
