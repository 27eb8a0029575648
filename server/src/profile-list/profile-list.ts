import { Worker } from 'node:worker_threads';
import type { ProfileSummary } from '@plantroom/contracts';

/**
 * Every device profile in short, read at the first call and kept. A thread of its own reads them: parsing the catalogue holds a thread for
 * a good part of a second, and no alarm must wait for it. A failure rejects, and the next call tries again.
 */
export function profileList(folders: readonly string[]): () => Promise<readonly ProfileSummary[]> {
  let list: Promise<readonly ProfileSummary[]> | undefined;
  return () => {
    list ??= readInThread(folders).catch((error: unknown) => {
      list = undefined;
      throw error;
    });
    return list;
  };
}

function readInThread(folders: readonly string[]): Promise<readonly ProfileSummary[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: folders, execArgv: [] });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the thread that reads the profiles ended without an answer')));
  });
}
