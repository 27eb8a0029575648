import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@plantroom/contracts';
import { describe, expect, test } from 'vitest';
import { freePort } from '../helpers/free-ports.ts';
import { peer } from '../helpers/peers.ts';
import type { BedOptions } from './bed.ts';
import { broken } from './report.ts';
import { runChaos } from './run-chaos.ts';

const [influxd, mosquitto] = [peer('influxd'), peer('mosquitto')];

/** A short run; with seeds under which every program is killed and every other kind of event comes. */
async function run(of: Pick<BedOptions, 'historian' | 'broker' | 'seed'>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'plantroom-chaos-'));
  const course: string[] = [];
  try {
    const result = await runChaos({
      ...of,
      folder,
      events: 12,
      pointsPerSecond: 1000,
      patienceMs: 240_000,
      freePort,
      clock: systemClock,
      onBegin: (what) => course.push(what),
    });
    expect(broken(result), [...result.ledger.examples, ...course].join('\n')).toEqual([]);
    const wanted = ['gateway', 'server', 'broker', ...(of.historian === 'influxdb' ? ['influxd'] : [])];
    expect(Object.keys(result.kills)).toEqual(expect.arrayContaining(wanted));
    expect(Object.keys(result.events)).toHaveLength(6);
    expect(result.ledger.stored).toBeGreaterThan(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('chaos: every reading once, an alarm and an order for each fault', () => {
  test('with the embedded historian and broker', () => run({ historian: 'duckdb', broker: 'embedded', seed: 9 }));

  test.skipIf(!(influxd.available && mosquitto.available))('with InfluxDB and Mosquitto', () =>
    run({ historian: 'influxdb', broker: 'mosquitto', seed: 17 }),
  );
});
