import { connect } from 'node:net';
import type { Line, LineOptions } from './line.ts';
import { type Medium, ReopeningLine } from './reopening-line.ts';

/** The system notices a peer that vanished without a word; requests notice it sooner. */
export const keepAliveMs = 10_000;

/** A TCP connection that we make. */
export function tcpLine({ host, port }: { host: string; port: number }, options: LineOptions): Line {
  const medium: Medium = {
    name: `${host}:${port}`,
    open: ({ opened, bytes, closed }) => {
      let reason: string | undefined;
      const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs });
      socket.once('connect', opened);
      socket.on('data', bytes);
      socket.on('end', () => {
        reason ??= 'closed by the device';
      });
      socket.on('error', (error) => {
        reason ??= error.message || String(error);
      });
      socket.once('close', () => closed(reason ?? 'connection closed'));
      return { write: (frame) => void socket.write(frame), close: () => void socket.destroy() };
    },
  };
  return new ReopeningLine(medium, options);
}
