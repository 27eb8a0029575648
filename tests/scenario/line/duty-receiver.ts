import { createServer } from 'node:net';
import { Receivers } from '../../../server/src/notifications/test-helpers/receivers.ts';

/** One alarm in a message, as the site's duty desk got it. */
export interface ToldAlarm {
  /** The same over all attempts of a message. */
  message: string;
  /** Full id. */
  alarm: string;
  occurrence: string | null;
  lifeSafety: boolean;
  critical: boolean;
  /** It came with the summary of a flood of alarms. */
  inFlood: boolean;
  /** Wire time of what is told, UTC ms. */
  atMs: number;
  /** When it was received, UTC ms. */
  toldMs: number;
}

/** Who has duty: a webhook that everything is told to, on the sockets of the line. It checks what it gets, and drops the id that it has. */
export interface DutyReceiver {
  url: string;
  told(): ToldAlarm[];
  /** Why it did not take something, in words. */
  refusals(): string[];
  stop(): Promise<void>;
}

export async function startDutyReceiver({ port, nowMs }: { port: number; nowMs: () => number }): Promise<DutyReceiver> {
  const receivers = new Receivers({ nowMs });
  const server = createServer((socket) => receivers.accept(socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1' }, resolve);
  });
  const address = server.address();
  const at = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${at}/duty`,
    told() {
      const messages = new Map(receivers.taken.map((message) => [String(message.body.id), message]));
      return [...messages].flatMap(([message, { body, atMs: toldMs }]) =>
        (body.alarms as Told[]).map(({ alarm, occurrence, lifeSafety, priority, atMs }) => ({
          message,
          alarm,
          occurrence,
          lifeSafety,
          critical: priority === 'critical',
          inFlood: body.kind === 'flood',
          atMs,
          toldMs,
        })),
      );
    },
    refusals: () => receivers.refused.map(({ why }) => why),
    async stop() {
      receivers.disconnect();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Told {
  alarm: string;
  occurrence: string | null;
  lifeSafety: boolean;
  priority: string;
  atMs: number;
}
