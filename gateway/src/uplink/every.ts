import type { Clock } from '@plantroom/contracts';

/** Calls each `periodMs`, the first time after one; the answer ends it. */
export function every(clock: Clock, periodMs: number, call: () => void): () => void {
  let cancel = (): void => undefined;
  const schedule = (): void => {
    cancel = clock.after(periodMs, () => {
      call();
      schedule();
    });
  };
  schedule();
  return () => cancel();
}
