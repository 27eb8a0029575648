import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Clock } from '@plantroom/contracts';

export interface ProgramOptions {
  name: string;
  /** Begins a new process with piped output. */
  begin: () => ChildProcess;
  /** Resolves when it can be used; rejects when it never will. */
  ready: (child: ChildProcess) => Promise<void>;
  logFile: string;
  clock: Clock;
}

/** Whoever ends by itself is started again after this, as a service manager does. */
const restartMs = 1000;
const stopTimeoutMs = 15_000;

/** One process of the installation: killed, started again, and watched for ends that nobody ordered. */
export class Program {
  readonly name: string;
  /** Ends that nobody ordered. */
  readonly crashes: string[] = [];
  /** Until it could be used again, ms, of each start. */
  readonly startsMs: number[] = [];
  readonly #o: ProgramOptions;
  #child: ChildProcess | undefined;
  #ordered = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: ProgramOptions) {
    this.name = options.name;
    this.#o = options;
  }

  /** Resolves when it can be used. */
  start(): Promise<void> {
    this.#ordered = false;
    this.#running = this.#begin();
    return this.#running;
  }

  /** `kill -9`. Resolves when it is gone. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Resolves when it runs, whatever happens to it meanwhile. */
  async usable(): Promise<void> {
    await this.#running;
  }

  async #begin(): Promise<void> {
    const { begin, ready, logFile, clock } = this.#o;
    const beganMs = clock.monotonicMs();
    const child = begin();
    this.#child = child;
    const log = createWriteStream(logFile, { flags: 'a' });
    log.write(`--- ${new Date(clock.nowMs()).toISOString()} pid ${child.pid}\n`);
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    // Whoever ends this process must not leave a database behind that holds the ports.
    const endWithUs = (): boolean => child.kill('SIGKILL');
    process.once('exit', endWithUs);
    const ended = new Promise<never>((_, reject) => {
      child.once('exit', (code, signal) => {
        process.off('exit', endWithUs);
        log.end();
        reject(new Error(`${this.name} ended with ${signal ?? code}; see ${logFile}`));
        if (this.#child === child && !this.#ordered) this.#crashed(`${signal ?? code}`);
      });
      child.once('error', reject);
    });
    // An end after it was ready is told by the line above.
    ended.catch(() => undefined);
    await Promise.race([ready(child), ended]);
    this.startsMs.push(clock.monotonicMs() - beganMs);
  }

  #crashed(how: string): void {
    this.crashes.push(how);
    this.#running = new Promise<void>((resolve) => this.#o.clock.after(restartMs, resolve)).then(() =>
      this.#ordered ? undefined : this.#begin(),
    );
    this.#running.catch(() => undefined);
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.#ordered = true;
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    const cancel = this.#o.clock.after(stopTimeoutMs, () => child.kill('SIGKILL'));
    await gone;
    cancel();
  }
}
