import { silentLogger, systemClock } from '@plantroom/contracts';
import { openSqliteOutbox } from '../sqlite-outbox.ts';

/** Child process of the kill -9 test: appends without end and prints each position once its append has returned. */
const [file = ''] = process.argv.slice(2);
const outbox = openSqliteOutbox(file, { uplinks: ['influx'], clock: systemClock, logger: silentLogger });
for (let n = outbox.position('live'); ; ) {
  const readings = Array.from({ length: 7 }, (_, i) => ({
    point: `tower/pump-${i}/flow`,
    value: n + i,
    quality: 'good' as const,
    wireTimeMs: 1_800_000_000_000 + n,
  }));
  n = outbox.append('live', readings);
  process.stdout.write(`${n}\n`);
}
