import { type Clock, type CurrentValue, errorMessage, type Logger } from '@plantroom/contracts';
import type { Historian, HistorianSample } from '../historian/historian.ts';
import type { CurrentValues } from './current-values.ts';

export interface RestoreOptions {
  current: CurrentValues;
  historian: Pick<Historian, 'latest'>;
  /** The historian knows numbers only. */
  isBoolean: (point: string) => boolean;
  clock: Clock;
  logger: Logger;
}

/** Asked for at once: few questions, and none that holds up the first gateways' writes for long. */
const chunkPoints = 2_000;
const retryMs = 5_000;

/**
 * After a restart the last values are shown at once, as what they are: stale, with the time at which they were measured. Whatever a gateway has
 * said meanwhile is newer and stays. Tries until the historian answers; the answer of this function ends that.
 */
export function restoreCurrent(points: readonly string[], options: RestoreOptions): () => void {
  const { current, historian, clock, logger } = options;
  let stopped = false;
  let cancel = (): void => undefined;
  const from = async (start: number): Promise<void> => {
    let at = start;
    try {
      for (; at < points.length && !stopped; at += chunkPoints) {
        const wanted = points.slice(at, at + chunkPoints).filter((point) => current.get(point) === undefined);
        if (wanted.length === 0) continue;
        for (const sample of await historian.latest(wanted)) restore(sample, options);
      }
    } catch (error) {
      if (stopped) return;
      logger.warn({ retryMs }, `last values are not known yet; asking again: ${errorMessage(error)}`);
      cancel = clock.after(retryMs, () => void from(at));
    }
  };
  void from(0);
  return () => {
    stopped = true;
    cancel();
  };
}

function restore({ point, timeMs, value }: HistorianSample, { current, isBoolean, clock }: RestoreOptions): void {
  // It may have come while the historian was being asked.
  if (current.get(point) !== undefined) return;
  const last: CurrentValue = {
    point,
    value: isBoolean(point) ? value !== 0 : value,
    quality: 'uncertain',
    reason: 'stale',
    wireTimeMs: timeMs,
    ingestTimeMs: clock.nowMs(),
  };
  current.set(last);
}
