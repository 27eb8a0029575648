import { type Clock, errorMessage } from '@plantroom/contracts';
import type { IPublishPacket, MqttClient } from 'mqtt';
import type { WriteResult } from '../driver.ts';

/** A broker answers within milliseconds; after this long a person at the screen wants to know. */
export const ackTimeoutMs = 5000;
/** MQTT 5, 3.4.2.1: the broker has taken the message, and nobody listens to its topic. */
const noMatchingSubscribers = 16;

interface Waiting {
  answer(result: WriteResult): void;
  packetId: number | undefined;
}

/**
 * Publishes commands at QoS 1, not retained, and answers at the PUBACK. What was not acknowledged in time or before the connection broke
 * is withdrawn from mqtt.js, which would send it again after a reconnect: a command must not reach a device minutes after it was given up.
 */
export class CommandSender {
  readonly #clock: Clock;
  readonly #waiting = new Set<Waiting>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  send(client: MqttClient | undefined, topic: string, payload: string): Promise<WriteResult> {
    if (client?.connected !== true) return Promise.resolve(failed('not connected to the broker'));
    return new Promise((resolve) => {
      const withdraw = (): void => {
        // Its callback comes with an error then, when the answer has been given already.
        if (waiting.packetId !== undefined) client.removeOutgoingMessage(waiting.packetId);
      };
      const cancel = this.#clock.after(ackTimeoutMs, () =>
        waiting.answer({ kind: 'failed', failure: { kind: 'timeout' } }),
      );
      const waiting: Waiting = {
        packetId: undefined,
        answer: (result) => {
          if (!this.#waiting.delete(waiting)) return;
          cancel();
          if (result.kind === 'failed') withdraw();
          resolve(result);
        },
      };
      this.#waiting.add(waiting);
      client.publish(topic, payload, { qos: 1, retain: false }, (error, packet) =>
        waiting.answer(resultOf(topic, error, packet)),
      );
      // Undefined while mqtt.js still orders its own queue after a connect; then only the answer can be given up.
      waiting.packetId = client.getLastMessageId();
    });
  }

  /** The connection is gone: nothing that waits will be acknowledged. */
  lost(message: string): void {
    for (const waiting of [...this.#waiting]) waiting.answer(failed(message));
  }
}

const failed = (message: string): WriteResult => ({ kind: 'failed', failure: { kind: 'connection', message } });

function resultOf(topic: string, error: unknown, packet: unknown): WriteResult {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  if (typeof code === 'number') return { kind: 'failed', failure: { kind: 'exception', code } };
  if (error !== null && error !== undefined) return failed(errorMessage(error));
  if ((packet as (IPublishPacket & { reasonCode?: number }) | undefined)?.reasonCode === noMatchingSubscribers) {
    return failed(`nobody listens to "${topic}"`);
  }
  return { kind: 'done' };
}
