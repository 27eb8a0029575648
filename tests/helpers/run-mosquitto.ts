import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@plantroom/contracts/testing';
import { freePort } from './free-ports.ts';
import { peer } from './peers.ts';
import { runProgram } from './run-program.ts';

export interface RunningMosquitto {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** Mosquitto of the distribution on a free loopback port. `settings`: further lines of its configuration. */
export async function runMosquitto(options: { settings?: readonly string[] } = {}): Promise<RunningMosquitto> {
  const folder = mkdtempSync(join(tmpdir(), 'plantroom-mosquitto-'));
  const port = await freePort();
  const config = join(folder, 'mosquitto.conf');
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'persistence false',
    ...(options.settings ?? []),
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  const program = runProgram(peer('mosquitto').program(), ['-c', config]);
  await eventually(
    () =>
      new Promise<void>((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => {
          socket.destroy();
          resolve();
        });
        socket.once('error', reject);
      }),
    { what: 'mosquitto listens' },
  );
  return {
    url: `mqtt://127.0.0.1:${port}`,
    pid: program.pid,
    async stop() {
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
