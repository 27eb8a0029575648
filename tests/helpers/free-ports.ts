import { createServer } from 'node:net';

/**
 * Ports below the kernel's ephemeral range (32768…), a stretch of its own for each test worker, so that neither another worker
 * nor an outgoing connection can take one between the probe and its use.
 */
const worker = Number(process.env.VITEST_POOL_ID ?? process.env.TEST_PARALLEL_INDEX ?? 0) % 16;
const first = (process.env.TEST_PARALLEL_INDEX === undefined ? 16_000 : 25_000) + worker * 400;
let next = first;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 400; tries++) {
    const port = next;
    next = next + 1 >= first + 400 ? first : next + 1;
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port from ${first} to ${first + 399}`);
}
