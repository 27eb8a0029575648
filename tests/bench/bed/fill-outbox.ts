import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Reading, silentLogger, systemClock } from '@plantroom/contracts';
import { openSqliteOutbox } from '../../../gateway/src/outbox/sqlite-outbox.ts';
import { floats } from './fleet-addresses.ts';

/** The outage that lies behind the gateway. */
export const outageS = 1800;
export const outageDevices = 50;
export const outagePerS = outageDevices * floats;

/** What a gateway of the fleet would have read, once a second, up to now, for one uplink. Answers how many readings. */
export function fillOutbox(file: string, uplink: string): number {
  mkdirSync(join(file, '..'), { recursive: true });
  const uplinks = [uplink];
  const outbox = openSqliteOutbox(file, { uplinks, clock: systemClock, logger: silentLogger, maxBytes: 1e9 });
  const points = Array.from({ length: outageDevices }, (_, device) =>
    Array.from({ length: floats }, (_, i) => `bench-site/unit-${device}/value-${i + 1}`),
  ).flat();
  const beganMs = Date.now() - outageS * 1000;
  let noise = 1;
  for (let second = 0; second < outageS; second++) {
    outbox.append(
      'live',
      points.map((point, i): Reading => {
        noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) >>> 0;
        const value = Math.fround(100 + i + noise / 2 ** 32);
        return { point, value, quality: 'good', wireTimeMs: beganMs + second * 1000 + Math.floor(i / floats) };
      }),
    );
  }
  outbox.close();
  return points.length * outageS;
}
