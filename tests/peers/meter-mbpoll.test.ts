import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { eventually } from '@plantroom/contracts/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LiveClient } from '../helpers/live-client.ts';
import { peer } from '../helpers/peers.ts';
import { type RunningStack, startStack } from '../helpers/start-stack.ts';

const mbpoll = peer('mbpoll');

/** Input registers of the SDM630 as its manual numbers them (3xxxx), all 32-bit floats. */
const registers = [
  ['30001', 'voltage-l1'],
  ['30007', 'current-l1'],
  ['30013', 'power-l1'],
  ['30053', 'power'],
  ['30063', 'power-factor'],
  ['30071', 'frequency'],
  ['30073', 'energy-import'],
] as const;

describe.skipIf(!mbpoll.available)(`the meter read by mbpoll ${mbpoll.available ? '' : mbpoll.hint}`, () => {
  let stack: RunningStack;
  let live: LiveClient;

  beforeAll(async () => {
    stack = await startStack();
    // The registers stand still; a gateway that starts anew reports each of them once, whatever its deadband.
    await stack.sim('POST', '/faults', { equipment: 'meter-elevators', fault: 'wire-stuck' });
    await stack.process('gateway').stop();
    const restartedMs = Date.now();
    await stack.process('gateway').start();
    live = new LiveClient(stack.url, stack.api.cookie);
    await live.subscribe({ scope: { kind: 'site', site: 'demo' } });
    await eventually(
      () => {
        for (const [, point] of registers) {
          const value = live.values.get(`demo/meter-elevators/${point}`);
          expect(value?.quality, point).toBe('good');
          expect(value?.wireTimeMs, point).toBeGreaterThan(restartedMs);
        }
      },
      { what: 'the meter has been read after the restart' },
    );
  });
  afterAll(async () => {
    live?.close();
    await stack?.destroy();
  });

  /** mbpoll prints six digits. */
  async function poll(number: string): Promise<string> {
    const reference = String(Number(number) - 30_000);
    const port = String(stack.ports.listeners.METERS);
    const words = ['-m', 'tcp', '-a', '1', '-t', '3:float', '-B', '-r', reference, '-c', '1', '-1', '-p', port];
    const { stdout } = await promisify(execFile)(mbpoll.program(), [...words, '127.0.0.1']);
    const text = new RegExp(`^\\[${reference}\\]:\\s+(\\S+)$`, 'm').exec(stdout)?.[1];
    if (text === undefined) throw new Error(`mbpoll said:\n${stdout}`);
    return text;
  }

  test.each(registers)('register %s is %s in the API', async (number, point) => {
    const value = live.values.get(`demo/meter-elevators/${point}`)?.value;
    expect(Number(await poll(number))).toBe(Number(Number(value).toPrecision(6)));
  });
});
