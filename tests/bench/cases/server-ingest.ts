import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { freePort } from '../../helpers/free-ports.ts';
import { BenchBed, type BenchOptions, untilStill } from '../bed/bench-bed.ts';
import { startChild, startProgram, stopProcess } from '../bed/child.ts';
import { cpuMs, cpuWindow, memory } from '../bed/proc-figures.ts';
import { type Figure, load } from '../report.ts';

/** A tenth more than the limit, so that what is reached is the server's rate. */
const fleet = { nodes: 22, devicesPerNode: 100, pumpsPerDevice: 5 };
const limitPerS = 200_000;
const warmUpS = 5;
/** For births, and for what is behind when the window ends. */
const patienceMs = 120_000;
const token = 'bench';

/**
 * The real server with everything on: Sparkplug in over a real broker to alarms, and the same points as line protocol to the embedded historian,
 * each at more than the limit. What counts is what the server has taken in and what lies in the database's file afterwards.
 */
export async function serverIngest(options: BenchOptions): Promise<Figure[]> {
  const bed = await BenchBed.open();
  try {
    const port = await freePort();
    const dataDir = join(bed.folder, 'data');
    mkdirSync(dataDir, { recursive: true });
    const server = await startProgram(join(import.meta.dirname, '../../../server/src/main.ts'), [], {
      env: {
        PLANTROOM_HTTP_PORT: String(port),
        PLANTROOM_DATA_DIR: dataDir,
        PLANTROOM_MQTT_URL: bed.broker.url,
        PLANTROOM_GATEWAY_TOKEN: token,
        PLANTROOM_ADMIN_PASSWORD: 'bench password',
        PLANTROOM_LOG_LEVEL: 'warn',
      },
      execArgv: options.profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profileDir}`],
      logFile: join(bed.folder, 'server.log'),
    });
    bed.atEnd(() => stopProcess(server));
    const pid = server.pid ?? -1;
    const http = `http://127.0.0.1:${port}`;
    const feeders = bed.add(startChild('feeders.ts'));
    const began = performance.now();
    const { points } = await feeders.ask<{ points: number }>('connect', {
      url: bed.broker.url,
      http,
      secret: token,
      fleet,
    });
    const born = await untilTaken(http, points);
    const birthS = (performance.now() - began) / 1000;
    await feeders.ask('feed', { seconds: warmUpS });
    const before = await counts(http);
    const cpu = cpuWindow({ server: pid, broker: bed.broker.pid, feeders: feeders.pid });
    const fed = await feeders.ask<{ sent: number; late: number; elapsedS: number }>('feed', {
      seconds: options.seconds,
    });
    const shares = cpu();
    const atEnd = await counts(http);
    const taken = (await untilTaken(http, before.readings + fed.sent)) - before.readings;
    const settledS = fed.elapsedS + Math.max(0, (before.readings + fed.sent - atEnd.readings) / limitPerS);
    const after = await counts(http);
    const { rssMb } = memory(pid);
    const cpuUs = ((cpuMs(pid) / fed.sent) * 1000).toFixed(1);
    await feeders.ask('stop');
    await stopProcess(server);
    const stored = await storedSamples(join(dataDir, 'history'));
    const sentInAll = fed.sent + points * warmUpS;
    return [
      {
        name: 'server-ingest Sparkplug to alarms',
        measured: taken / settledS,
        unit: 'points/s',
        limit: { at: limitPerS, sense: 'at least' },
        note: `${points} points in messages of 100, ${born} born in ${birthS.toFixed(1)} s, load ${load()}`,
      },
      {
        name: 'server-ingest line protocol to the historian, beside it',
        measured: fed.sent / fed.elapsedS,
        unit: 'points/s',
        limit: { at: limitPerS, sense: 'at least' },
        note: `a node was more than a second late ${fed.late} times`,
      },
      {
        name: 'server-ingest CPU of the server',
        measured: shares.server,
        unit: '% of a core',
        note: `${cpuUs} µs a point in all`,
      },
      { name: 'server-ingest CPU of the broker', measured: shares.broker, unit: '% of a core', note: bed.broker.name },
      { name: 'server-ingest CPU of the feeders', measured: shares.feeders, unit: '% of a core' },
      { name: 'server-ingest memory of the server', measured: rssMb, unit: 'MB' },
      {
        name: 'server-ingest readings that reached no rule one by one',
        measured: after.condensed - before.condensed,
        unit: '',
        limit: { at: 0, sense: 'at most' },
      },
      {
        name: 'server-ingest points missing in the historian',
        measured: sentInAll - stored.distinct,
        unit: '',
        limit: { at: 0, sense: 'at most' },
        note: `${stored.distinct} of ${sentInAll}, ${stored.rows - stored.distinct} of them twice`,
      },
    ];
  } finally {
    await bed.close();
  }
}

async function counts(http: string): Promise<{ readings: number; condensed: number }> {
  const text = await (await fetch(`${http}/metrics`)).text();
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  return { readings: value('plantroom_ingest_readings_total'), condensed: value('plantroom_engine_condensed_total') };
}

function untilTaken(http: string, readings: number): Promise<number> {
  return untilStill(async () => Math.min((await counts(http)).readings, readings), patienceMs);
}

/** Asked of the files themselves, when the server has let go of them. */
async function storedSamples(folder: string): Promise<{ rows: number; distinct: number }> {
  const instance = await DuckDBInstance.create(join(folder, 'history.duckdb'), { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  try {
    const tables = await connection.runAndReadAll(
      "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'samples_%'",
    );
    let rows = 0;
    let distinct = 0;
    for (const [table] of tables.getRows()) {
      const answer = await connection.runAndReadAll(
        `SELECT sum(n), count(*) FROM (SELECT count(*) AS n FROM ${String(table)} GROUP BY point, t)`,
      );
      rows += Number(answer.getRows()[0]?.[0] ?? 0);
      distinct += Number(answer.getRows()[0]?.[1] ?? 0);
    }
    return { rows, distinct };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
