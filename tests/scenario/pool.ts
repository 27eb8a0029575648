import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ScenarioResult } from './run-scenario.ts';

export interface PlayJob {
  name: string;
  /** Alarm ids or rules that are never raised. */
  disabled: readonly string[];
  wire: boolean;
  /** In place of the file's own; left out: as it is written. */
  duration?: string;
}

/** A scenario that came to its end, or why it could not be played. */
export type PlayedJob = { name: string; result: ScenarioResult } | { name: string; error: string };

export interface PoolOptions {
  /** Processes at a time. */
  size: number;
  /** Called in the order in which they end. */
  played(done: PlayedJob, job: PlayJob): void;
}

const workerFile = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** Plays the jobs in processes of their own: the virtual sockets and timers of a scenario are those of its process. */
export async function playInPool(jobs: readonly PlayJob[], { size, played }: PoolOptions): Promise<void> {
  const waiting = [...jobs];
  const work = async (): Promise<void> => {
    let child: ChildProcess | undefined;
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      child ??= fork(workerFile, { serialization: 'advanced' });
      const done = await playIn(child, job);
      // One that has died takes no more.
      if (child.exitCode !== null || child.signalCode !== null) child = undefined;
      played(done, job);
    }
    child?.kill();
  };
  await Promise.all(Array.from({ length: Math.min(size, jobs.length) }, work));
}

function playIn(child: ChildProcess, job: PlayJob): Promise<PlayedJob> {
  return new Promise((resolve) => {
    const ended = (code: number | null, signal: NodeJS.Signals | null): void => {
      child.off('message', answered);
      resolve({ name: job.name, error: `its process ended with ${signal ?? code}` });
    };
    const answered = (done: PlayedJob): void => {
      child.off('exit', ended);
      resolve(done);
    };
    child.once('exit', ended);
    child.once('message', answered);
    child.send(job);
  });
}
