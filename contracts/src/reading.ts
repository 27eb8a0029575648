import type { Quality, QualityReason } from './quality.ts';

/** Numbers and booleans are telemetry; strings (names, serials) are shown but never written as numbers. `null` only with bad quality. */
export type PointValue = number | boolean | string | null;

/** Lanes are sent in this order of precedence; life-safety points travel in their own. */
export const lanes = ['safety', 'live', 'backlog'] as const;
export type Lane = (typeof lanes)[number];

/** One value of one point at one instant. (point, wireTimeMs) identifies it: wire time strictly increases per point. */
export interface Reading {
  /** `<site>/<equipment>/<point>` */
  point: string;
  /** In the class point's unit, after decode. */
  value: PointValue;
  quality: Quality;
  /** Only when quality is not good. */
  reason?: QualityReason;
  /** UTC ms as the device stamped it, if it did; never used for order. */
  deviceTimeMs?: number;
  /** UTC ms at the gateway when the bytes arrived; never re-stamped. */
  wireTimeMs: number;
  /** UTC ms when the server took it in; absent on the gateway. */
  ingestTimeMs?: number;
}

/**
 * A gateway sends an unchanged value again after this long: charts would otherwise show an old point as a gap, roll-ups would have empty
 * hours, and the watchdog of life safety could not tell calm from a broken line. Five minutes costs 12 readings an hour and point.
 */
export const heartbeatMs = 300_000;
