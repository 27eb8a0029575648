import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { joinSegments } from './join-segments.ts';
import { judged, type Played, type ScenarioResult } from './run-scenario.ts';

export interface PlayJob {
  name: string;
  /** Alarm ids or rules that are never raised. */
  disabled: readonly string[];
  wire: boolean;
  /** As the file says; left out: 1. */
  segments?: number | undefined;
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

/** What a process is given, and what it answers. */
export interface SegmentJob extends PlayJob {
  /** From 0; left out: the first. */
  segment?: number;
}
export type PlayedSegment = { played: Played } | { error: string };

/** A job with what of it has been played. */
interface Whole {
  job: PlayJob;
  parts: (PlayedSegment | undefined)[];
  beganMs: number | undefined;
}

const workerFile = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** Plays the jobs in processes of their own: the virtual sockets and timers of a scenario are those of its process. */
export async function playInPool(jobs: readonly PlayJob[], { size, played }: PoolOptions): Promise<void> {
  const waiting = jobs.flatMap((job) => {
    const whole: Whole = { job, parts: Array.from({ length: job.segments ?? 1 }), beganMs: undefined };
    return whole.parts.map((_, segment) => ({ whole, segment }));
  });
  const work = async (): Promise<void> => {
    let child: ChildProcess | undefined;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { whole, segment } = next;
      whole.beganMs ??= performance.now();
      child ??= fork(workerFile, { serialization: 'advanced' });
      whole.parts[segment] = await playIn(child, { ...whole.job, segment });
      // One that has died takes no more.
      if (child.exitCode !== null || child.signalCode !== null) child = undefined;
      const parts = whole.parts.filter((part) => part !== undefined);
      if (parts.length === whole.parts.length) played(wholeOf(whole, parts), whole.job);
    }
    child?.kill();
  };
  await Promise.all(Array.from({ length: Math.min(size, waiting.length) }, work));
}

function wholeOf({ job: { name }, beganMs = 0 }: Whole, parts: readonly PlayedSegment[]): PlayedJob {
  const done: Played[] = [];
  for (const part of parts) {
    if ('error' in part) return { name, error: part.error };
    done.push(part.played);
  }
  const joined = joinSegments(done);
  // Of those that were played at the same time it is what passed.
  const wallMs = done.length === 1 ? joined.wallMs : performance.now() - beganMs;
  return { name, result: judged({ ...joined, wallMs }) };
}

function playIn(child: ChildProcess, job: SegmentJob): Promise<PlayedSegment> {
  return new Promise((resolve) => {
    const ended = (code: number | null, signal: NodeJS.Signals | null): void => {
      child.off('message', answered);
      resolve({ error: `its process ended with ${signal ?? code}` });
    };
    const answered = (done: PlayedSegment): void => {
      child.off('exit', ended);
      resolve(done);
    };
    child.once('exit', ended);
    child.once('message', answered);
    child.send(job);
  });
}
