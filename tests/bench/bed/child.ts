import { type ChildProcess, fork } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';

const here = join(import.meta.dirname, '..');

/** A process of the bench that answers questions over its IPC channel. */
export class Child {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  #next = 0;

  constructor(process: ChildProcess) {
    this.#process = process;
    process.on('message', (message: { id?: number; answer?: unknown; error?: string }) => {
      const waiting = message.id === undefined ? undefined : this.#waiting.get(message.id);
      if (waiting === undefined || message.id === undefined) return;
      this.#waiting.delete(message.id);
      if (message.error === undefined) waiting.resolve(message.answer);
      else waiting.reject(new Error(message.error));
    });
    process.on('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`ended with ${signal ?? code}`));
      this.#waiting.clear();
    });
  }

  get pid(): number {
    return this.#process.pid ?? -1;
  }

  ask<Answer>(what: string, about: unknown = null): Promise<Answer> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: (answer) => resolve(answer as Answer), reject });
      this.#process.send({ id, what, about });
    });
  }

  /** SIGTERM and, after ten seconds, SIGKILL. */
  async stop(): Promise<void> {
    await stopProcess(this.#process);
  }
}

export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(patience);
}

/** `file` of the folder children. */
export function startChild(file: string): Child {
  return new Child(fork(join(here, 'children', file), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
}

/** The largest configuration on the slowest machine; whatever takes longer hangs. */
const readyWithinMs = 20 * 60_000;

/** A program of the product that says `{ ready: true }` over IPC; its output goes to `logFile`. */
export async function startProgram(
  file: string,
  args: readonly string[],
  { env, execArgv = [], logFile }: { env: Record<string, string>; execArgv?: readonly string[]; logFile: string },
): Promise<ChildProcess> {
  const child = fork(file, [...args], {
    execArgv: [...execArgv],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const log = createWriteStream(logFile, { flags: 'a' });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  let patience: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`${file} ended with ${code} before it was ready; see ${logFile}`)));
      patience = setTimeout(() => {
        child.kill('SIGKILL');
        reject(new Error(`${file} was not ready within ${readyWithinMs / 60_000} min; see ${logFile}`));
      }, readyWithinMs);
    });
  } finally {
    clearTimeout(patience);
  }
  return child;
}
