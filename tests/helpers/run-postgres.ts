import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { eventually } from '@plantroom/contracts/testing';
import { freePort } from './free-ports.ts';
import { peer } from './peers.ts';
import { runProgram } from './run-program.ts';

export interface RunningPostgres {
  /** Address of a new, empty database. */
  emptyDatabase(): Promise<string>;
  /** Ends all connections to the databases that it was asked for; answers how many there were. */
  endConnections(): number;
  /** Ends it as a power cut does, with all of its connections. */
  crash(): Promise<void>;
  /** After a crash: on the same port with the same data. */
  startAgain(): Promise<void>;
  stop(): Promise<void>;
}

/** PostgreSQL refuses to run as root: then it runs as the distribution's own user. */
const asUser = userInfo().uid === 0 ? 'postgres' : null;

function command(program: string, args: string[]): [string, string[]] {
  return asUser === null ? [program, args] : ['runuser', ['-u', asUser, '--', program, ...args]];
}

/** PostgreSQL of the distribution on a free loopback port with a data folder of its own. */
export async function runPostgres(): Promise<RunningPostgres> {
  const postgres = peer('postgres').program();
  // initdb and psql lie beside it, wherever a link on the path points to.
  const bin = dirname(realpathSync(postgres));
  const folder = mkdtempSync(join(tmpdir(), 'plantroom-postgres-'));
  const password = join(folder, 'password');
  writeFileSync(password, 'test');
  if (asUser !== null) {
    const uid = Number(execFileSync('id', ['-u', asUser]));
    for (const path of [folder, password]) chownSync(path, uid, -1);
  }
  const data = join(folder, 'data');
  const initdb = command(join(bin, 'initdb'), [
    '-D',
    data,
    '-U',
    'plantroom',
    '-A',
    'scram-sha-256',
    '--pwfile',
    password,
    '-N',
    '-E',
    'UTF8',
  ]);
  execFileSync(...initdb, { stdio: 'pipe' });
  const port = await freePort();
  const settings = [
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'max_connections=50',
  ];
  const start = () =>
    runProgram(...command(postgres, ['-D', data, '-p', String(port), ...settings.flatMap((s) => ['-c', s])]));
  let program = start();
  const environment = { ...process.env, PGPASSWORD: 'test' };
  const psql = (sql: string): Buffer =>
    execFileSync(
      join(bin, 'psql'),
      ['-h', '127.0.0.1', '-p', String(port), '-U', 'plantroom', '-d', 'postgres', '-c', sql],
      { env: environment, stdio: 'pipe' },
    );
  const answers = () => eventually(() => psql('select 1'), { what: `PostgreSQL answers: ${program.output()}` });
  await answers();
  let count = 0;
  return {
    emptyDatabase() {
      const name = `plantroom_${count++}`;
      psql(`create database ${name}`);
      return Promise.resolve(`postgres://plantroom:test@127.0.0.1:${port}/${name}`);
    },
    endConnections() {
      const ended = psql("select pg_terminate_backend(pid) from pg_stat_activity where datname like 'plantroom%'");
      return Number(/\((\d+) rows?\)/.exec(ended.toString())?.[1]);
    },
    async crash() {
      // Immediate shutdown: no connection is ended in good order, nothing is written.
      process.kill(Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGQUIT');
      await program.stop();
    },
    async startAgain() {
      program = start();
      await answers();
    },
    async stop() {
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
