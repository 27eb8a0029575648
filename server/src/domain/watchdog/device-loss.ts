/** What is known of a device that delivers life-safety points, by the server's clock. */
export interface WatchedDevice {
  online: boolean;
  sinceMs: number;
  gateway: { online: boolean; sinceMs: number };
  /** The connection that it shares; null: it has its own, or the gateway does not say. */
  line: SharedLine | null;
}

export interface SharedLine {
  /** Any of its devices is there. */
  isUp: boolean;
  upSinceMs: number;
  /** When a device of it was heard last. */
  heardMs: number;
}

export interface LossBounds {
  /** What is read through a link comes back one after the other, within this time. */
  settleMs: number;
  /** The devices of a lost connection are given up one after the other, within this time. */
  givenUpMs: number;
}

/** `unknown`: what it hangs on is away, or may be, and says so itself. */
export type DeviceLoss = { is: 'there' } | { is: 'unknown' } | { is: 'lost'; sinceMs: number };

/**
 * Pure: whether a device is silent by itself. One event is one alarm: behind a gateway or a connection that is lost nobody knows of the device, and
 * the alarm of what is lost says that its life-safety points are unwatched. Never undecided for longer than the bounds.
 */
export function lossOf(device: WatchedDevice, nowMs: number, { settleMs, givenUpMs }: LossBounds): DeviceLoss {
  const { gateway, line } = device;
  if (device.online) return { is: 'there' };
  if (!gateway.online || line?.isUp === false) return { is: 'unknown' };
  const cameBackMs = Math.max(gateway.sinceMs, line?.upSinceMs ?? 0);
  const sinceMs = Math.max(device.sinceMs, cameBackMs);
  if (device.sinceMs <= cameBackMs && nowMs < cameBackMs + settleMs) return { is: 'unknown' };
  const isAlone = line === null || line.heardMs > sinceMs || nowMs >= sinceMs + givenUpMs;
  return isAlone ? { is: 'lost', sinceMs } : { is: 'unknown' };
}
