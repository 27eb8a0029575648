import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ProcessSpec {
  name: string;
  /** Module and its arguments. */
  command: readonly [string, ...string[]];
  environment: Record<string, string>;
  /** Options of Node for it, left out: none. */
  nodeOptions?: readonly string[];
}

export interface ProcessHandlers {
  line(name: string, stream: 'stdout' | 'stderr', line: string): void;
  exited(name: string, code: number | null, willRestart: boolean): void;
}

export interface ReadyMessage {
  ready: true;
  [detail: string]: unknown;
}

const stopTimeoutMs = 10_000;
const firstRestartMs = 1_000;
const longestRestartMs = 30_000;
/** A process that ran this long is taken as healthy: the next crash starts at the shortest wait again. */
const healthyAfterMs = 60_000;
/** Exit code by which a process says that its configuration is wrong: starting it again would change nothing. */
const configurationError = 2;

/** One child: started, watched, started again after a crash, stopped with a bound on patience. */
export class ManagedProcess {
  readonly spec: ProcessSpec;
  readonly #handlers: ProcessHandlers;
  #child: ChildProcess | undefined;
  #stopping = false;
  #restartMs = firstRestartMs;
  #restartTimer: NodeJS.Timeout | undefined;
  #settled: Promise<ReadyMessage | undefined> | undefined;

  constructor(spec: ProcessSpec, handlers: ProcessHandlers) {
    this.spec = spec;
    this.#handlers = handlers;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** What it said when it was ready; undefined when it ended before. */
  start(): Promise<ReadyMessage | undefined> {
    this.#stopping = false;
    this.#settled = this.#spawn();
    return this.#settled;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restartTimer);
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    const patience = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    await gone;
    clearTimeout(patience);
  }

  #spawn(): Promise<ReadyMessage | undefined> {
    const [module, ...args] = this.spec.command;
    const startedAt = performance.now();
    const child = fork(module, args, {
      execArgv: [...process.execArgv, ...(this.spec.nodeOptions ?? [])],
      env: { ...process.env, ...this.spec.environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A group of its own: Ctrl-C reaches only the parent, which then stops the children in order.
      // Should the parent be killed, a child sees its channel close and stops by itself.
      detached: true,
    });
    this.#child = child;
    for (const stream of ['stdout', 'stderr'] as const) {
      const source = child[stream];
      if (source !== null)
        createInterface({ input: source }).on('line', (line) => this.#handlers.line(this.spec.name, stream, line));
    }
    return new Promise((resolve) => {
      child.on('message', (message: ReadyMessage) => {
        if (message.ready === true) resolve(message);
      });
      child.once('exit', (code) => {
        resolve(undefined);
        this.#afterExit(code, performance.now() - startedAt);
      });
    });
  }

  #afterExit(code: number | null, ranMs: number): void {
    const restart = !this.#stopping && code !== configurationError;
    if (!this.#stopping) this.#handlers.exited(this.spec.name, code, restart);
    if (!restart) return;
    this.#restartMs = ranMs > healthyAfterMs ? firstRestartMs : this.#restartMs;
    this.#restartTimer = setTimeout(() => void this.#spawn(), this.#restartMs);
    this.#restartMs = Math.min(this.#restartMs * 2, longestRestartMs);
  }
}
