import { connect, createServer } from 'node:net';
import { VirtualClock } from '@plantroom/contracts';
import { afterEach, expect, test } from 'vitest';
import { VirtualNet } from './virtual-net.ts';
import { VirtualTime } from './virtual-time.ts';
import { installVirtualTimers } from './virtual-timers.ts';

const restore: (() => void)[] = [];
afterEach(() => {
  for (const call of restore.splice(0)) call();
});

function line() {
  const clock = new VirtualClock(0);
  const net = new VirtualNet();
  restore.push(net.install());
  return { clock, time: new VirtualTime(clock, net) };
}

test('time does not go on before everything that was said has been answered, however often it goes to and fro', async () => {
  const { clock, time } = line();
  const at: number[] = [];
  createServer((socket) => {
    socket.on('data', (data) => void setImmediate(() => socket.write(data)));
  }).listen(7);
  const client = connect({ port: 7 });
  let rounds = 0;
  client.on('data', () => {
    at.push(clock.nowMs());
    rounds += 1;
    if (rounds < 5) client.write('again');
  });
  clock.after(1000, () => void client.write('first'));
  await time.advance(60_000);
  expect(at).toEqual([1000, 1000, 1000, 1000, 1000]);
  expect(clock.nowMs()).toBe(60_000);
});

test('what runs long after what has been promised is waited for as well', async () => {
  const { clock, time } = line();
  const seen: number[] = [];
  const work = async (): Promise<void> => {
    for (let i = 0; i < 50; i++) await Promise.resolve();
    seen.push(clock.nowMs());
  };
  clock.after(500, () => void work());
  await time.advance(10_000);
  expect(seen).toEqual([500]);
});

test('until a promise is settled time passes, and its failure is told', async () => {
  const { clock, time } = line();
  const late = new Promise<string>((resolve) => void clock.after(250, () => resolve('done')));
  expect(await time.until(late)).toBe('done');
  expect(clock.nowMs()).toBeLessThanOrEqual(270);
  await expect(time.until(Promise.reject(new Error('no')))).rejects.toThrow('no');
});

test('timers of libraries keep the virtual time, and are the real ones again afterwards', async () => {
  const { clock, time } = line();
  const before = globalThis.setTimeout;
  const end = installVirtualTimers(clock);
  const seen: string[] = [];
  const tick = setInterval(() => void seen.push(`tick ${clock.nowMs()}`), 1000);
  const never = setTimeout(() => void seen.push('never'), 500);
  clearTimeout(never);
  setTimeout((word: string) => void seen.push(`${word} ${clock.nowMs()}`), 1500, 'once');
  const put = setTimeout(() => void seen.push(`put off ${clock.nowMs()}`), 1000);
  await time.advance(900);
  put.refresh();
  await time.advance(1600);
  clearInterval(tick);
  await time.advance(5000);
  end();
  expect(seen).toEqual(['tick 1000', 'once 1500', 'put off 1900', 'tick 2000']);
  expect(globalThis.setTimeout).toBe(before);
});
