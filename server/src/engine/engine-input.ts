import type { Reading } from '@plantroom/contracts';
import type { BornPoint, StoredLane } from '../ingest/ingest.ts';

/** Everything that drives the engine from the field, in the order of its arrival. */
export type EngineInput =
  | { type: 'readings'; gateway: string; readings: Reading[] }
  /** Older than the newest of their points, in the order of each. */
  | { type: 'late'; gateway: string; readings: Reading[] }
  /** Points whose value is taken anew from the current values: their source is gone, or their readings overflowed the queue. */
  | { type: 'refresh'; points: Iterable<string> }
  | { type: 'watermark'; gateway: string; atMs: number }
  /** Everything of the lane before this position lies before this input. */
  | { type: 'complete'; gateway: string; lane: StoredLane; position: number }
  /** Whether something of the system itself fails, as an outbox of a gateway or a notification channel. */
  | { type: 'system'; source: string; fails: boolean }
  | { type: 'gateway'; gateway: string; online: boolean; atMs: number }
  | { type: 'device-online'; gateway: string; device: string; points: readonly BornPoint[]; atMs: number }
  | { type: 'device-offline'; gateway: string; device: string; atMs: number }
  /** Whether the server has its broker. `source`: that of its alarm. */
  | { type: 'broker'; source: string; isThere: boolean }
  /** Server time, for links that are watched by the host. */
  | { type: 'tick' };

export type LinkInput = Extract<EngineInput, { type: 'gateway' | 'device-online' | 'device-offline' }>;

/** A gateway names its devices without itself. */
export const deviceId = (gateway: string, device: string): string =>
  device.includes('/') ? device : `${gateway}/${device}`;
