import type { Clock, Logger } from '@plantroom/contracts';
import type { SimulatorEnvironment } from '../environment.ts';

const stopTimeoutMs = 10_000;

/** What every command is given. */
export interface CommandContext {
  environment: SimulatorEnvironment;
  clock: Clock;
  logger: Logger;
  /** Prints one line for the person at the terminal. */
  say(line: string): void;
}

/** Resolves at SIGINT or SIGTERM, when the parent that started us is gone, or when `done` does. */
export async function untilStopped(done: Promise<unknown> = new Promise(() => undefined)): Promise<void> {
  let stop = (): void => undefined;
  const signal = new Promise<void>((resolve) => {
    stop = () => resolve();
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    process.once('disconnect', stop);
    // Gone already, before anybody listened.
    if (process.send !== undefined && !process.connected) stop();
  });
  // Nothing else may hold the process: a pending promise alone does not.
  const hold = setInterval(() => undefined, 60_000);
  try {
    await Promise.race([signal, done]);
  } finally {
    clearInterval(hold);
    // Whatever hangs must not keep the ports.
    setTimeout(() => process.exit(1), stopTimeoutMs).unref();
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    process.off('disconnect', stop);
  }
}
