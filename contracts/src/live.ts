import Type, { type Static } from 'typebox';
import type { Alarm } from './alarm.ts';
import type { PositionFlood } from './alarm-flood.ts';
import type { CurrentValue, Device, Gateway } from './api.ts';
import type { Command } from './commands.ts';
import type { Quality, QualityReason } from './quality.ts';
import type { PointValue } from './reading.ts';
import type { TestMode } from './test-mode.ts';
import type { WorkOrder } from './work-order.ts';

/** What one screen wants: point values of its scope; alarms, orders and link states always come, for all sites the user may see. */
const Ids = Type.Array(Type.String(), { maxItems: 20_000 });
export const LiveSubscription = Type.Object({
  scope: Type.Union([
    Type.Object({ kind: Type.Literal('site'), site: Type.String() }),
    Type.Object({ kind: Type.Literal('equipment'), ids: Ids }),
    Type.Object({ kind: Type.Literal('points'), ids: Ids }),
    Type.Object({ kind: Type.Literal('none') }),
  ]),
});
export type LiveSubscription = Static<typeof LiveSubscription>;

/** [point id, value, quality, wire time UTC ms, reason] — a tuple because thousands go out each second. */
export type LiveValue = [
  point: string,
  value: PointValue,
  quality: Quality,
  wireTimeMs: number,
  reason?: QualityReason,
];

export interface LiveSnapshot {
  /** Sequence of this connection; the first delta carries seq + 1. A gap means: subscribe again. */
  seq: number;
  serverTimeMs: number;
  values: CurrentValue[];
  /** Every alarm that is not NORM. Whatever a mirror holds beyond these has cleared. */
  alarms: Alarm[];
  /** Every order that is not closed or cancelled. */
  workOrders: WorkOrder[];
  gateways: Gateway[];
  devices: Device[];
  /** Those that are requested or running. */
  testModes: TestMode[];
  /** Those that go on. */
  floods: PositionFlood[];
}

export interface LiveDelta {
  seq: number;
  serverTimeMs: number;
  values?: LiveValue[];
  alarms?: Alarm[];
  workOrders?: WorkOrder[];
  gateways?: Gateway[];
  devices?: Device[];
  testModes?: TestMode[];
  /** Of each position that has news; one that has ended says when. */
  floods?: PositionFlood[];
  /** Commands that have moved on; those before the subscription are asked for (`GET /api/points/commands`). */
  commands?: Command[];
  /** Values left out because this client was slow; it has the latest of each point all the same. */
  thinned?: number;
}

export interface LiveServerEvents {
  delta: (delta: LiveDelta) => void;
  /** Cut off as too slow; reconnect later. */
  overrun: (dropped: { values: number }) => void;
}

export interface LiveClientEvents {
  /** Replaces the former subscription; the answer is the snapshot. */
  subscribe: (subscription: LiveSubscription, answer: (snapshot: LiveSnapshot) => void) => void;
}

export const livePath = '/api/live';
