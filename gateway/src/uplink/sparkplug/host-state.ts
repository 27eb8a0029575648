/** What a STATE message of the primary host says (host-topic-phid-birth-payload). */
export interface HostState {
  online: boolean;
  /** UTC ms. */
  timestamp: number;
}

/** Undefined when the payload is no STATE of Sparkplug 3.0 (2.2 had the bare words ONLINE and OFFLINE). */
export function parseHostState(payload: Uint8Array): HostState | undefined {
  try {
    const { online, timestamp } = JSON.parse(Buffer.from(payload).toString('utf8')) as Partial<HostState>;
    return typeof online === 'boolean' && typeof timestamp === 'number' ? { online, timestamp } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A late message of an earlier life of the host must not change anything: only what is at least as new as the last that counted does
 * (birth-publish-phid-wait-timestamp, termination-host-offline-timestamp).
 */
export function nextHostState(held: HostState | undefined, seen: HostState): HostState {
  return held !== undefined && seen.timestamp < held.timestamp ? held : seen;
}
