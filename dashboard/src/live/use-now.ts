import { useSyncExternalStore } from 'react';
import { liveStore } from './live.ts';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let tick = 0;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    tick = liveStore.serverNow();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** Server time, in steps of `stepMs`: one timer for all, and a redraw only when the step changes. */
export function useNow(stepMs = 1000): number {
  return useSyncExternalStore(subscribe, () => Math.floor((tick || liveStore.serverNow()) / stepMs) * stepMs);
}

/** True once `sinceMs` is older than `limitMs`; redraws only at that moment. */
export function useOlderThan(sinceMs: number | undefined, limitMs: number | null): boolean {
  return useSyncExternalStore(
    subscribe,
    () => sinceMs !== undefined && limitMs !== null && liveStore.serverNow() - sinceMs > limitMs,
  );
}
