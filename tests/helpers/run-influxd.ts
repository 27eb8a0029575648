import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@plantroom/contracts/testing';
import { freePort } from './free-ports.ts';
import { peer } from './peers.ts';
import { runProgram } from './run-program.ts';

export interface RunningInfluxd {
  url: string;
  /** Raw InfluxQL, as a person at the influx shell would ask. */
  query<T>(database: string, influxql: string): Promise<T>;
  stop(): Promise<void>;
}

/** InfluxDB 1.x of the distribution on a free port with a data folder of its own. */
export async function runInfluxd(): Promise<RunningInfluxd> {
  const folder = mkdtempSync(join(tmpdir(), 'plantroom-influxd-'));
  const port = await freePort();
  const config = join(folder, 'influxdb.conf');
  writeFileSync(
    config,
    `reporting-disabled = true
bind-address = "127.0.0.1:${await freePort()}"
[meta]
dir = "${folder}/meta"
logging-enabled = false
[data]
dir = "${folder}/data"
wal-dir = "${folder}/wal"
query-log-enabled = false
[monitor]
store-enabled = false
[http]
enabled = true
bind-address = "127.0.0.1:${port}"
log-enabled = false
[subscriber]
enabled = false
[continuous_queries]
enabled = false
`,
  );
  const program = runProgram(peer('influxd').program(), ['-config', config]);
  const url = `http://127.0.0.1:${port}`;
  await eventually(
    async () => {
      if (!(await fetch(`${url}/ping`)).ok) throw new Error(program.output());
    },
    { what: 'influxd answers' },
  );
  return {
    url,
    async query<T>(database: string, influxql: string): Promise<T> {
      const answer = await fetch(`${url}/query?${new URLSearchParams({ db: database, q: influxql, epoch: 'ms' })}`);
      if (!answer.ok) throw new Error(`${influxql}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    async stop() {
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
