import type { FaultKind } from './plan.ts';

/** What the devices of a run are called and what their registers hold. */
export const site = 'chaos';
export const gateway = 'edge-1';
export const meterClass = 'chaos-meter';
export const zoneClass = 'chaos-zone';
export const pointsPerUnit = 50;
export const periodMs = 1000;
/** Of the alarm on high temperature. Longer than a poll and than most of a restart, so that it runs while processes are killed. */
export const overheatDelayMs = 4000;

export const firstCounter = 0;
/** Right behind the counters: read together with them. */
export const temperatureRegister = pointsPerUnit * 2;

/** Points of one device beside the counters share a number: a value that got to the wrong point is seen. */
const spread = 64;

export function valueAt(count: number, point: number): number {
  return count * spread + point;
}

/** Count and point of a stored value; undefined: no device ever gave it out. */
export function readValue(value: number): { count: number; point: number } | undefined {
  const point = value % spread;
  const count = (value - point) / spread;
  return Number.isInteger(value) && count >= 1 && point < pointsPerUnit ? { count, point } : undefined;
}

/** Point of a zone that each scripted fault shows at. */
const faultPoints: Record<FaultKind, string> = { fire: 'fire', overheat: 'temperature' };

export const alarmId = (unit: number, kind: FaultKind): string => `${site}/${zone(unit)}/${faultPoints[kind]}#${kind}`;
export const meter = (unit: number): string => `meter-${unit + 1}`;
export const zone = (unit: number): string => `zone-${unit + 1}`;
export const counterName = (point: number): string => `value-${point + 1}`;

/** `value-<n>` to its number from 0; undefined for another point. */
export function counterNumber(name: string): number | undefined {
  const match = /^value-(\d+)$/.exec(name);
  return match === null ? undefined : Number(match[1]) - 1;
}
