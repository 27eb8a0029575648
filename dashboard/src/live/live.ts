import type { LiveClientEvents, LiveServerEvents, LiveSubscription } from '@plantroom/contracts';
import { livePath } from '@plantroom/contracts';
import { io, type Socket } from 'socket.io-client';
import { LiveLink } from './live-link.ts';
import { LiveStore } from './live-store.ts';

/** A hidden tab paints no frames, yet its title must still count alarms. */
function beforeNextPaint(flush: () => void): void {
  if (document.hidden) setTimeout(flush, 1000);
  else requestAnimationFrame(flush);
}

const now = () => Date.now();
const overrunPauseMs = 2000;

export const liveStore = new LiveStore({ schedule: beforeNextPaint, now });

let socket: Socket<LiveServerEvents, LiveClientEvents> | null = null;

const link = new LiveLink({
  store: liveStore,
  wire: {
    connected: () => socket?.connected ?? false,
    subscribe: (subscription, answer) => socket?.emit('subscribe', subscription, answer),
  },
  now,
});

export function setLiveScope(scope: LiveSubscription['scope']): void {
  link.setScope(scope);
}

/** After sign-in; the cookie goes with the handshake. */
export function startLive(): void {
  if (socket !== null) return;
  socket = io({ path: livePath, transports: ['websocket', 'polling'], reconnectionDelayMax: 5000 });
  socket.on('connect', () => link.connected());
  socket.on('disconnect', (reason) => {
    link.disconnected();
    // The server cut the line itself (restart, too slow): socket.io leaves reconnecting to us then.
    if (reason === 'io server disconnect') setTimeout(() => socket?.connect(), overrunPauseMs);
  });
  socket.on('connect_error', () => link.disconnected());
  socket.on('delta', (delta) => link.delta(delta));
}

export function stopLive(): void {
  socket?.disconnect();
  socket = null;
  link.disconnected();
}
