import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '@plantroom/contracts/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../helpers/free-ports.ts';

const start = fileURLToPath(new URL('../../scripts/start.ts', import.meta.url));
const listeners = ['METERS', 'INCOMER', 'PUMPROOM', 'FIRE', 'AHU1', 'AHU2', 'ELEVATORS', 'HVAC'];

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie whose parent was killed is gone as well.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

// Children are found in /proc.
describe.runIf(process.platform === 'linux')('npm start', () => {
  let dataDir: string;
  let output: string;
  let parent: ReturnType<typeof spawn>;
  let children: number[];

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'plantroom-start-'));
    output = '';
    const ports: Record<string, string> = {};
    for (const name of [
      'PLANTROOM_HTTP_PORT',
      'PLANTROOM_MQTT_PORT',
      'PLANTROOM_SIM_PORT',
      ...listeners.map((l) => `PLANTROOM_SIM_${l}_PORT`),
    ])
      ports[name] = String(await freePort());
    parent = spawn(process.execPath, [start], {
      env: { ...process.env, ...ports, PLANTROOM_DATA_DIR: dataDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [parent.stdout, parent.stderr])
      stream?.on('data', (data: Buffer) => (output += data.toString()));
    await eventually(() => expect(output).toContain('Ctrl-C stops everything'), { what: `it is up: ${output}` });
    children = readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8').trim().split(/\s+/).map(Number);
  });
  afterEach(async () => {
    for (const pid of [parent.pid ?? 0, ...children]) if (pid > 0 && isAlive(pid)) process.kill(pid, 'SIGKILL');
    await eventually(() => expect(children.filter(isAlive)).toEqual([]));
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('tells the address and, once, the first password; nothing is left running after Ctrl-C', async () => {
    expect(children).toHaveLength(4);
    expect(output).toMatch(/Dashboard {2}http:\/\/127\.0\.0\.1:\d+/);
    expect(output).toMatch(/Sign-in {4}admin \/ \S{12,}/);
    const password = /admin \/ (\S+)/.exec(output)?.[1] ?? '';
    expect(readFileSync(join(dataDir, 'logs/server.log'), 'utf8')).not.toContain(password);
    parent.kill('SIGINT');
    await allEnd();
  });

  test('nothing is left running after it was killed', async () => {
    parent.kill('SIGKILL');
    await allEnd();
  });

  const allEnd = () =>
    eventually(() => expect([parent.pid ?? 0, ...children].filter(isAlive)).toEqual([]), {
      what: 'all processes end',
    });
});
