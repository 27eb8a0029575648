import type { Server as HttpServer } from 'node:http';
import {
  type LiveClientEvents,
  type LiveServerEvents,
  LiveSubscription,
  type Logger,
  livePath,
  type Session,
} from '@plantroom/contracts';
import { Server } from 'socket.io';
import { Value } from 'typebox/value';
import type { LiveHub } from './live-hub.ts';

export interface LiveServerOptions {
  http: HttpServer;
  hub: LiveHub;
  logger: Logger;
  /** Null: not signed in. */
  authenticate: (credentials: {
    cookie?: string | undefined;
    authorization?: string | undefined;
  }) => Promise<Session | null>;
}

/** Puts the hub on socket.io at `livePath`. Signed in by the session cookie, or by a token in the handshake. */
export function startLiveServer({ http, hub, logger, authenticate }: LiveServerOptions): { stop(): Promise<void> } {
  const io = new Server<LiveClientEvents, LiveServerEvents>(http, {
    path: livePath,
    serveClient: false,
    maxHttpBufferSize: 1_000_000,
  });
  io.use((socket, next) => {
    const { cookie, authorization } = socket.handshake.headers;
    const token: unknown = socket.handshake.auth.token;
    const bearer = typeof token === 'string' ? `Bearer ${token}` : authorization;
    authenticate({ cookie, authorization: bearer })
      .then((session) => next(session === null ? new Error('sign in first [UNAUTHENTICATED]') : undefined))
      .catch((error: unknown) => next(error instanceof Error ? error : new Error(String(error))));
  });
  io.on('connection', (socket) => {
    const connection = hub.connect({
      delta: (delta) => socket.emit('delta', delta),
      overrun: (dropped) => socket.emit('overrun', dropped),
      bufferedBytes: () => bufferedBytes(socket.conn),
      close: () => socket.disconnect(true),
    });
    socket.on('disconnect', () => hub.disconnect(connection));
    socket.on('subscribe', (subscription, answer) => {
      if (!Value.Check(LiveSubscription, subscription) || typeof answer !== 'function') {
        socket.disconnect(true);
        return;
      }
      hub.subscribe(connection, subscription, answer).catch((error: unknown) => {
        logger.error({ err: error }, 'a live snapshot could not be made');
        socket.disconnect(true);
      });
    });
  });
  return {
    async stop() {
      await io.close();
    },
  };
}

/** What waits in engine.io for a transport that is not writable, and in the WebSocket under it. */
function bufferedBytes(conn: unknown): number {
  const { writeBuffer, transport } = conn as {
    writeBuffer?: { data?: unknown }[];
    transport?: { socket?: { bufferedAmount?: number } };
  };
  const waiting = (writeBuffer ?? []).reduce((sum, { data }) => sum + (typeof data === 'string' ? data.length : 0), 0);
  return waiting + (transport?.socket?.bufferedAmount ?? 0);
}
