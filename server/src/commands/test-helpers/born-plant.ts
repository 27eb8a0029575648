import type { BornPoint, IngestSink } from '../../ingest/ingest.ts';

const born = (point: string, more: Partial<BornPoint>): BornPoint => ({
  point,
  class: 'vrf-unit',
  profile: 'lg/pdrycb500',
  unit: null,
  lane: 'live',
  silenceMs: null,
  ...more,
});
const anything = { min: null, max: null, values: null };

/** Points of one air conditioner, and of a lift and a fire panel of which their gateway claims, wrongly, that they may be written. */
export const bornPoints: readonly BornPoint[] = [
  born('hq/vrf-1/setpoint', { write: { min: 16, max: 30, values: null } }),
  born('hq/vrf-1/mode', { write: { ...anything, values: [0, 1, 2, 3] } }),
  born('hq/vrf-1/running', { write: anything }),
  born('hq/vrf-1/room-temperature', {}),
  born('hq/lift-1/floor', { class: 'elevator', write: anything }),
  born('hq/panel-1/fire-count', { class: 'fire-panel', write: anything }),
  // What calls itself an air conditioner and was known as a lift.
  born('hq/lift-1/speed', { write: anything }),
  // A node that is not ours does not say what a point belongs to.
  born('hq/vrf-1/fan-speed', { class: null, write: anything }),
];

export function giveBirth(sink: IngestSink, atMs: number): void {
  sink.gatewayOnline('hq/edge', atMs);
  sink.deviceOnline('hq/edge', 'box', bornPoints, atMs);
}
