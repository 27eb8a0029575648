import { expect, test } from 'vitest';
import { type WriteBatch, WriteQueue } from './write-queue.ts';

const samples = (count: number) => Array.from({ length: count }, (_, i) => ({ point: 'a/b/c', timeMs: i, value: i }));

/** A store whose commits end when the test says so. */
function slowStore() {
  const batches: { size: number; end: (error?: Error) => void }[] = [];
  const store = (batch: WriteBatch) =>
    new Promise<void>((resolve, reject) => {
      const size = batch.samples.reduce((sum, s) => sum + s.length, 0);
      batches.push({ size, end: (error) => (error === undefined ? resolve() : reject(error)) });
    });
  return { batches, store };
}
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('what comes while a commit is under way goes together as the next', async () => {
  const { batches, store } = slowStore();
  const queue = new WriteQueue(store, 100);
  const first = queue.write(samples(1), []);
  await turn();
  const rest = [queue.write(samples(2), []), queue.write(samples(3), [])];
  batches[0]!.end();
  await first;
  await turn();
  expect(batches.map(({ size }) => size)).toEqual([1, 5]);
  batches[1]!.end();
  await Promise.all(rest);
  expect(queue.stats()).toMatchObject({ pendingSamples: 0, writtenSamples: 6, commits: 2 });
});

test('over the bound a write is refused at once, counted and worth another try', async () => {
  const { batches, store } = slowStore();
  const queue = new WriteQueue(store, 10);
  const first = queue.write(samples(8), []);
  await expect(queue.write(samples(3), [])).rejects.toMatchObject({ code: 'HISTORIAN_BUSY', retryable: true });
  await turn();
  batches[0]!.end();
  await first;
  expect(queue.stats()).toMatchObject({ refusedSamples: 3, pendingSamples: 0 });
});

test('a failed commit fails its own writes only', async () => {
  const { batches, store } = slowStore();
  const queue = new WriteQueue(store, 10);
  const first = queue.write(samples(1), []);
  await turn();
  const second = queue.write(samples(1), []);
  batches[0]!.end(new Error('disk full'));
  await expect(first).rejects.toThrow('disk full');
  await turn();
  batches[1]!.end();
  await second;
});
