import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@plantroom/contracts/testing';
import { freePort } from './free-ports.ts';
import { peer } from './peers.ts';
import { type RunningProgram, runProgram } from './run-program.ts';

export interface RunningInfluxd {
  url: string;
  /** Of the process that runs now. */
  readonly pid: number;
  /** As the operator does it: CREATE DATABASE, CREATE USER and the like. `credentials`: `user:password`; left out: none. */
  command(influxql: string, credentials?: string): Promise<void>;
  /** SIGKILL; what it has stored stays. */
  kill(): Promise<void>;
  /** On the same port and with the same data. */
  startAgain(): Promise<void>;
  /** Raw InfluxQL, as a person at the influx shell would ask. */
  query<T>(database: string, influxql: string, credentials?: string): Promise<T>;
  stop(): Promise<void>;
}

/** A configuration for loopback, everything it keeps in `folder`. `auth`: it asks for a password once it has a user. */
export function influxdSettings(
  folder: string,
  { http, rpc, auth = false }: { http: number; rpc: number; auth?: boolean },
): string {
  return `reporting-disabled = true
bind-address = "127.0.0.1:${rpc}"
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
bind-address = "127.0.0.1:${http}"
log-enabled = false
auth-enabled = ${auth}
[subscriber]
enabled = false
[continuous_queries]
enabled = false
`;
}

/** InfluxDB 1.x of the distribution on a free port with a data folder of its own. */
export async function runInfluxd({ auth = false }: { auth?: boolean } = {}): Promise<RunningInfluxd> {
  const folder = mkdtempSync(join(tmpdir(), 'plantroom-influxd-'));
  const port = await freePort();
  const config = join(folder, 'influxdb.conf');
  writeFileSync(config, influxdSettings(folder, { http: port, rpc: await freePort(), auth }));
  const url = `http://127.0.0.1:${port}`;
  const start = async (): Promise<RunningProgram> => {
    const program = runProgram(peer('influxd').program(), ['-config', config]);
    await eventually(
      async () => {
        if (!(await fetch(`${url}/ping`)).ok) throw new Error(program.output());
      },
      { what: 'influxd answers' },
    );
    return program;
  };
  let program = await start();
  return {
    url,
    get pid() {
      return program.pid;
    },
    async command(influxql, credentials) {
      const answer = await fetch(`${url}/query`, {
        method: 'POST',
        headers: headersFor(credentials),
        body: new URLSearchParams({ q: influxql }),
      });
      const said = await answer.text();
      if (!answer.ok || said.includes('"error"')) throw new Error(`${influxql}: ${answer.status} ${said}`);
    },
    async kill() {
      process.kill(program.pid, 'SIGKILL');
      await program.stop();
    },
    async startAgain() {
      program = await start();
    },
    async query<T>(database: string, influxql: string, credentials?: string): Promise<T> {
      const answer = await fetch(`${url}/query?${new URLSearchParams({ db: database, q: influxql, epoch: 'ms' })}`, {
        headers: headersFor(credentials),
      });
      if (!answer.ok) throw new Error(`${influxql}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    async stop() {
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function headersFor(credentials: string | undefined): Record<string, string> {
  return credentials === undefined ? {} : { authorization: `Basic ${btoa(credentials)}` };
}
