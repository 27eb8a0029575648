import { isHoliday } from './holidays.ts';
import type { Surroundings } from './surroundings.ts';

/** What a step of the model is given from outside: time, faults, and the other systems. */
export interface Tick {
  /** UTC ms at the end of the step. */
  nowMs: number;
  dtS: number;
  calendar: Calendar;
  /** How far a fault of an equipment has grown, 0 (none) to its severity (at most 1). */
  fault(equipment: string, fault: string): number;
  around: Surroundings;
}

/** While none is on anywhere. */
export const noFault: Tick['fault'] = () => 0;

/** The building's clock. */
export interface Calendar {
  /** 0 ≤ hour < 24, with fraction. */
  hour: number;
  /** Neither weekend nor a day off by law. */
  workday: boolean;
  /** 1-366. */
  dayOfYear: number;
}

export type CalendarOf = (nowMs: number) => Calendar;

const weekend = ['Sat', 'Sun'];

/** The offsets of all zones, and with them the hours at which they change, are multiples of this. */
const slotMs = 900_000;
const hourMs = 3_600_000;

/** Reads the wall clock of an IANA zone. */
export function calendarIn(timeZone: string): CalendarOf {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const at = (timeMs: number): Calendar => {
    const parts: Record<string, string> = {};
    for (const { type, value } of format.formatToParts(timeMs)) parts[type] = value;
    const number = (name: string): number => Number(parts[name]);
    const dayStart = Date.UTC(number('year'), number('month') - 1, number('day'));
    return {
      hour: number('hour') + number('minute') / 60,
      workday:
        !weekend.includes(parts.weekday ?? '') &&
        !isHoliday({ year: number('year'), month: number('month'), day: number('day') }),
      dayOfYear: Math.round((dayStart - Date.UTC(number('year'), 0, 1)) / 86_400_000) + 1,
    };
  };
  let slot = Number.NaN;
  let held: Calendar | undefined;
  // Asked each second; the formatter takes longer than all the rest of a step.
  return (nowMs) => {
    const now = Math.floor(nowMs / slotMs);
    if (held === undefined || now !== slot) held = at(now * slotMs);
    slot = now;
    return { ...held, hour: held.hour + (nowMs - slot * slotMs) / hourMs };
  };
}

/** Corners of a course through the day: [hour, value], in order of the hour. */
export type ByHour = readonly (readonly [number, number])[];

const midnight = [0, 0] as const;
const morrow = [24, 0] as const;

/** Straight lines between the corners, around the clock. */
export function byHour(hour: number, corners: ByHour): number {
  const last = corners[corners.length - 1] ?? midnight;
  let fromHour = last[0] - 24;
  let fromValue = last[1];
  for (let i = 0; i < corners.length; i++) {
    const to = corners[i] ?? morrow;
    if (hour < to[0]) return fromValue + ((to[1] - fromValue) * (hour - fromHour)) / (to[0] - fromHour);
    fromHour = to[0];
    fromValue = to[1];
  }
  const first = corners[0] ?? morrow;
  return fromValue + ((first[1] - fromValue) * (hour - fromHour)) / (first[0] + 24 - fromHour);
}

const peopleOnRestDays: ByHour = [
  [7, 0.03],
  [10, 0.12],
  [17, 0.12],
  [20, 0.03],
];
const peopleOnWorkdays: ByHour = [
  [6, 0.03],
  [8, 0.35],
  [9.5, 1],
  [11.8, 1],
  [12.5, 0.7],
  [13.5, 1],
  [17.5, 0.95],
  [19, 0.4],
  [22, 0.05],
];

/** Share of people in the building, 0..1. */
export function occupancy({ hour, workday }: Calendar): number {
  return byHour(hour, workday ? peopleOnWorkdays : peopleOnRestDays);
}

/** One step of a first-order lag towards `target`. */
export function lag(value: number, target: number, options: { dtS: number; tauS: number }): number {
  return target + (value - target) * Math.exp(-options.dtS / options.tauS);
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
