import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Demo } from './demo/demo.ts';
import { demoOnFreePorts, demoVariables, newDataDir } from './demo/test-helpers/demo-on-free-ports.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const bed = fileURLToPath(new URL('../examples/replay-pump-bed/', import.meta.url));
const dataDir = newDataDir();
afterAll(() => dataDir.remove());

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
});

function start(words: readonly string[], environment: Record<string, string> = {}): ChildProcess {
  const child = fork(main, words, {
    env: { ...process.env, ...demoVariables(dataDir.path), ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
  });
  started.push(child);
  return child;
}

async function run(words: readonly string[], environment?: Record<string, string>) {
  const child = start(words, environment);
  const text = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream]?.on('data', (data: Buffer) => {
      text[stream] += data.toString();
    });
  const [code] = await once(child, 'close');
  return { code, ...text };
}

describe('a process whose parent is gone', () => {
  it('saves the building and stops by itself', async () => {
    const child = start([]);
    expect((await once(child, 'message'))[0]).toEqual({
      ready: true,
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(existsSync(join(dataDir.path, 'simulated-building.json'))).toBe(true);
  });

  it('stops a replay that holds its last row', async () => {
    const words = ['--csv', join(bed, 'sample.csv'), '--profile', 'plantroom/float-pump-bed'];
    const more = ['--catalog', join(bed, 'catalog'), '--map', 'Volume Flow RateRMS=volume-flow-rms', '--hold'];
    const child = start(['replay', ...words, ...more]);
    expect((await once(child, 'message'))[0]).toEqual({ ready: true });
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe('the command line', () => {
  const building = newDataDir();
  let demo: Demo;
  let port: Record<string, string>;
  beforeAll(async () => {
    ({ demo } = demoOnFreePorts(building.path));
    await demo.start();
    port = { PLANTROOM_SIM_PORT: String(demo.controlPort) };
  });
  afterAll(async () => {
    await demo.stop();
    building.remove();
  });

  it('turns a fault on, lists it and turns it off', async () => {
    const on = await run(['fault', 'on', 'pump-1', 'bearing-wear', '--severity', '0.5'], port);
    expect(on).toMatchObject({ code: 0, stderr: '' });
    const id = on.stdout.split(' ')[0]!;
    expect((await run(['fault', 'list'], port)).stdout).toContain(`${id}  bearing-wear on pump-1, at 0.50 of 0.5`);
    expect(await run(['fault', 'off', id], port)).toMatchObject({ code: 0, stdout: `${id} is off\n` });
  });

  const wrongFile = join(dataDir.path, 'wrong.csv');
  const wrongRow = ['--csv', wrongFile, '--profile', 'plantroom/float-pump-bed', '--catalog', join(bed, 'catalog')];
  it.each([
    [['simulate'], 'unknown command "simulate"'],
    [['fault', 'on', 'pump-9', 'bearing-wear'], 'no equipment "pump-9"'],
    [['fault', 'on', 'pump-1', 'bearing-wear', '--severity', 'much'], '--severity is "much"'],
    [['fault', 'off', 'fault-99'], 'no active fault "fault-99"'],
    [['replay', '--csv', 'x.csv'], '--profile is missing'],
    [['replay', '--csv', 'x.csv', '--profile', 'no/such'], 'no profile "no/such"'],
    [['replay', '--csv', 'x.csv', '--profile', 'eastron/sdm630', '--port', '70000'], '--port is "70000"'],
    [['replay', '--csv', 'x.csv', '--profile', 'eastron/sdm630'], 'x.csv cannot be read'],
    [['replay', ...wrongRow], 'no column for point "accelerometer-1-rms"'],
  ])('%j ends with code 2 and says why', async (words, message) => {
    writeFileSync(wrongFile, 'time;Pressure\n2026-03-02 08:00:00;1\n');
    const { code, stderr } = await run(words, port);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });

  it('ends with code 1 where a later try may do: nobody answers at the control port', async () => {
    const { code, stderr } = await run(['fault', 'list'], { PLANTROOM_SIM_PORT: '1' });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('PLANTROOM_SIM_PORT') });
  });

  it('names the variable that is wrong', async () => {
    const { code, stderr } = await run([], { PLANTROOM_SIM_PORT: 'many' });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('PLANTROOM_SIM_PORT is "many"') });
  });
});
