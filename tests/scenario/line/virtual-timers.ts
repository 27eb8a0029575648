import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import type { Clock } from '@plantroom/contracts';

/** What libraries get for a timer: enough of Node's own for all that they do with one. */
class VirtualTimer {
  readonly #start: () => () => void;
  #cancel: () => void;

  constructor(start: () => () => void) {
    this.#start = start;
    this.#cancel = start();
  }

  clear(): void {
    this.#cancel();
  }

  refresh(): this {
    this.#cancel();
    this.#cancel = this.#start();
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }
}

const real = { setTimeout, clearTimeout, setInterval, clearInterval };

/**
 * Timers of libraries on the virtual clock (ours are there already): the MQTT client's reconnecting and waiting for answers. In place of the
 * process's own from `install` on; the answer takes them back.
 */
export function installVirtualTimers(clock: Clock): () => void {
  const after = (call: (...args: unknown[]) => void, delayMs: number | undefined, args: unknown[]): (() => void) =>
    clock.after(Math.max(1, delayMs ?? 1), () => call(...args));
  const clear = (timer: unknown): void => {
    if (timer instanceof VirtualTimer) timer.clear();
    else real.clearTimeout(timer as NodeJS.Timeout | undefined);
  };
  const virtual = {
    setTimeout: (call: () => void, delayMs?: number, ...args: unknown[]) =>
      new VirtualTimer(() => after(call, delayMs, args)),
    setInterval: (call: () => void, periodMs?: number, ...args: unknown[]) =>
      new VirtualTimer(() => {
        let cancel = (): void => undefined;
        const next = (): void => {
          cancel = after(
            () => {
              next();
              call();
            },
            periodMs,
            args,
          );
        };
        next();
        return () => cancel();
      }),
    clearTimeout: clear,
    clearInterval: clear,
  };
  Object.assign(globalThis, virtual);
  Object.assign(timers, virtual);
  syncBuiltinESMExports();
  return () => {
    Object.assign(globalThis, real);
    Object.assign(timers, real);
    syncBuiltinESMExports();
  };
}
