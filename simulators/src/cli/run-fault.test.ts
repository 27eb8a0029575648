import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { afterEach, expect, it } from 'vitest';
import { onePump } from '../control/test-helpers/one-pump.ts';
import { readEnvironment } from '../environment.ts';
import { runFaultCommand } from './run-fault.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** The control interface of a building with one pump, and what the command says of it. */
async function building() {
  const app = onePump();
  ends.push(() => app.close());
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
  const said: string[] = [];
  const context = {
    environment: readEnvironment({ PLANTROOM_SIM_PORT: port }),
    clock: new VirtualClock(),
    logger: silentLogger,
    say: (line: string) => void said.push(line),
  };
  return { said, run: (...words: string[]) => runFaultCommand(words, context) };
}

it('switches a fault on, lists it and switches it off', async () => {
  const { said, run } = await building();
  await run('on', 'pump-1', 'bearing-wear', '--severity', '0.5');
  await run('list');
  await run('off', 'fault-1');
  expect([said[0], said.at(-2), said.at(-1)]).toEqual([
    'fault-1  bearing-wear on pump-1',
    '  fault-1  bearing-wear on pump-1, at 0.50 of 0.5',
    'fault-1 is off',
  ]);
  // The classes begin in one column, however long an id is.
  const columns = said.slice(1, said.indexOf('active:')).map((line) => /^\S+ +/.exec(line)?.[0].length);
  expect(new Set(columns).size).toBe(1);
});

it('says of a refusal what the simulators say, with their code, once', async () => {
  const { run } = await building();
  await expect(run('on', 'pump-9', 'bearing-wear')).rejects.toThrow(
    /^no equipment "pump-9"; allowed: pump-1 \[FAULT_EQUIPMENT_UNKNOWN\]$/,
  );
});

it('ends quietly when nobody reads any further', async () => {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, 'fault', 'document'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let told = '';
  child.stderr.on('data', (text: Buffer) => {
    told += text.toString();
  });
  const [code] = await once(child, 'close');
  expect([code, told]).toEqual([0, '']);
});
