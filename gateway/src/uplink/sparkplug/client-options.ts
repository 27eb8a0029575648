import type { IClientOptions } from 'mqtt';

const connectTimeoutMs = 10_000;
/** A broker that no longer answers is noticed after one and a half of these (MQTT 3.1.1 §3.1.2.10). */
const keepaliveS = 15;

/** What a CONNECT of an edge node holds (principles-persistence-clean-session-311, payloads-ndeath-will-message). */
export function clientOptions(
  { site, gateway, username, password }: { site: string; gateway: string; username?: string; password?: string },
  will: { topic: string; payload: Uint8Array },
): IClientOptions {
  return {
    clientId: `plantroom-${site}-${gateway}`,
    clean: true,
    // Each CONNECT has a will of its own, so reconnecting is ours, not the client's.
    reconnectPeriod: 0,
    // Else mqtt.js keeps a buffer for each of 65,536 packet ids.
    writeCache: false,
    // Its trace costs a call for every step of a packet even when nobody reads it.
    log: () => undefined,
    connectTimeout: connectTimeoutMs,
    keepalive: keepaliveS,
    // Without a connection a packet must fail: it is still in the outbox.
    queueQoSZero: false,
    will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: false },
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
}
