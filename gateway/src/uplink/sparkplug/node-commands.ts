import { metricProperties, nodeMetrics } from '@plantroom/contracts';
import type { StoredLane } from '../../outbox/outbox.ts';
import { decodePayload, toNumber } from './payload.ts';

export type NodeCommand =
  | { kind: 'rebirth' }
  /** The host has stored everything of the lane before this position. */
  | { kind: 'stored-to'; lane: StoredLane; position: number }
  /** The host misses readings: send again from this position. */
  | { kind: 'replay-from'; lane: StoredLane; position: number; request: number };

/**
 * The commands of one NCMD. What is stored and what is missing counts from the primary host alone: another one would let go of what that has
 * not. Null: there is none, and any host's counts. Positions say their lane in the property `lane`; left out: live. Throws when
 * the payload is not Sparkplug.
 */
export function parseNodeCommands(payload: Uint8Array, primaryHost: string | null): NodeCommand[] {
  const commands: NodeCommand[] = [];
  for (const { name, value, properties } of decodePayload(payload).metrics ?? []) {
    const lane: StoredLane = properties?.[metricProperties.lane]?.value === 'safety' ? 'safety' : 'live';
    const position = toNumber(value);
    if (name === nodeMetrics.rebirth && value === true) commands.push({ kind: 'rebirth' });
    const from = properties?.[metricProperties.host]?.value ?? primaryHost;
    if (primaryHost !== null && from !== primaryHost) continue;
    if (!Number.isSafeInteger(position) || position < 0 || value === null) continue;
    if (name === nodeMetrics.storedTo) commands.push({ kind: 'stored-to', lane, position });
    if (name === nodeMetrics.replayFrom)
      commands.push({ kind: 'replay-from', lane, position, request: requestOf(properties) });
  }
  return commands;
}

/** Of a host that does not number its requests: 0. */
function requestOf(properties: Record<string, { value?: unknown }> | undefined): number {
  const request = toNumber(properties?.[metricProperties.request]?.value);
  return Number.isSafeInteger(request) && request >= 0 ? request : 0;
}
