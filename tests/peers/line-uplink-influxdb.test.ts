import { type Reading, silentLogger, systemClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openMemoryOutbox } from '../../gateway/src/outbox/memory-outbox.ts';
import type { Outbox } from '../../gateway/src/outbox/outbox.ts';
import { pointTable } from '../../gateway/src/pipeline/point-table.ts';
import { testBinding, testDevice } from '../../gateway/src/test-helpers/devices.ts';
import { LineUplink, lineUplinkName } from '../../gateway/src/uplink/line-protocol/line-uplink.ts';
import { LineWriter, type LineWriterOptions } from '../../gateway/src/uplink/line-protocol/line-writer.ts';
import { peer } from '../helpers/peers.ts';
import { type RunningInfluxd, runInfluxd } from '../helpers/run-influxd.ts';

const influxd = peer('influxd');
const table = pointTable('tower', [testDevice('drive', [testBinding('flow'), testBinding('head')])]);
const nowMs = Date.now();
const admin = 'root:top secret';

describe.skipIf(!influxd.available)(
  `gateway to an InfluxDB 1.x that asks for a password${influxd.available ? '' : ` (${influxd.hint})`}`,
  () => {
    let server: RunningInfluxd;
    let outbox: Outbox;
    let database: string;
    let databases = 0;

    beforeAll(async () => {
      server = await runInfluxd({ auth: true });
      await server.command(`CREATE USER "root" WITH PASSWORD 'top secret' WITH ALL PRIVILEGES`);
      await server.command(`CREATE USER "edge" WITH PASSWORD 'p:w 1'`, admin);
    });
    afterAll(async () => {
      await server.stop();
    });
    beforeEach(async () => {
      database = `room ${databases++}`;
      await server.command(`CREATE DATABASE "${database}"`, admin);
      await server.command(`GRANT WRITE ON "${database}" TO "edge"`, admin);
      outbox = openMemoryOutbox({ uplinks: [lineUplinkName], clock: systemClock, logger: silentLogger });
    });

    const edge = { username: 'edge', password: 'p:w 1' };
    const append = (point: string, count: number, fromMs = nowMs): void => {
      outbox.append(
        'live',
        Array.from(
          { length: count },
          (_, i): Reading => ({ point: `tower/pump-1/${point}`, value: i, quality: 'good', wireTimeMs: fromMs + i }),
        ),
      );
    };
    const open = async (options: Partial<LineWriterOptions>): Promise<LineUplink> => {
      const writer = new LineWriter({ url: server.url, bucket: database, gzip: true, clock: systemClock, ...options });
      const uplink = new LineUplink({ outbox, table, writer, clock: systemClock, logger: silentLogger });
      await uplink.start();
      return uplink;
    };
    const isDrained = (): void => expect(outbox.committed(lineUplinkName, 'live')).toBe(outbox.position('live'));
    const values = async (what: string): Promise<number[][]> => {
      interface Answer {
        results: { series?: { values: number[][] }[] }[];
      }
      const { results } = await server.query<Answer>(database, what, admin);
      return results[0]?.series?.[0]?.values ?? [];
    };

    test('with its user, found by itself at /ping, everything is stored', async () => {
      append('flow', 25_000);
      const uplink = await open(edge);
      await eventually(isDrained);
      await uplink.stop();
      expect(await values('SELECT COUNT("flow"), SUM("flow") FROM "pump"')).toEqual([
        [0, 25_000, (25_000 * 24_999) / 2],
      ]);
      expect(uplink.stats()).toMatchObject({ sentReadings: 25_000, rejectedReadings: 0, failures: 0 });
    });

    test('with a wrong password nothing is given up; the error says so', async () => {
      append('flow', 10);
      const uplink = await open({ username: 'edge', password: 'wrong' });
      await eventually(() => expect(uplink.stats().lastError).toMatch(/^HTTP 401: authorization failed/));
      await uplink.stop();
      expect(outbox.committed(lineUplinkName, 'live')).toBe(0);
      expect(uplink.stats().rejectedReadings).toBe(0);
    });

    test('a database that is not there yet is waited for', async () => {
      await server.command(`DROP DATABASE "${database}"`, admin);
      append('flow', 10);
      const uplink = await open({ username: 'root', password: 'top secret' });
      await eventually(() => expect(uplink.stats().lastError).toMatch(/^HTTP 404: database not found/));
      await server.command(`CREATE DATABASE "${database}"`, admin);
      await eventually(isDrained);
      await uplink.stop();
      expect(await values('SELECT COUNT("flow") FROM "pump"')).toEqual([[0, 10]]);
    });

    test('a field that has another type there costs its own lines only, and nothing is sent twice', async () => {
      const line = `pump,site=tower,equipment=pump-1 head="as text" ${nowMs}`;
      const first = await fetch(`${server.url}/write?${new URLSearchParams({ db: database, precision: 'ms' })}`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(admin)}` },
        body: line,
      });
      expect(first.status).toBe(204);
      append('flow', 500);
      append('head', 20, nowMs + 1000);
      const uplink = await open(edge);
      await eventually(isDrained);
      await uplink.stop();
      expect(await values('SELECT COUNT("flow") FROM "pump"')).toEqual([[0, 500]]);
      expect(uplink.stats()).toMatchObject({ sentReadings: 500, rejectedReadings: 20, failures: 0 });
    });

    test('what lies before its retention is left out, the rest goes into the policy that is named', async () => {
      await server.command(`CREATE RETENTION POLICY "a week" ON "${database}" DURATION 7d REPLICATION 1`, admin);
      append('flow', 30, nowMs - 20 * 86_400_000);
      append('flow', 40);
      const uplink = await open({ ...edge, retentionPolicy: 'a week' });
      await eventually(isDrained);
      await uplink.stop();
      expect(await values('SELECT COUNT("flow") FROM "a week"."pump"')).toEqual([[0, 40]]);
      expect(uplink.stats()).toMatchObject({ sentReadings: 40, rejectedReadings: 30 });
    });
  },
);
