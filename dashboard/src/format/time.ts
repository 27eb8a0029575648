import { zonedParts } from '@plantroom/contracts';

/** 2026-11-23 14:05 in the site's zone. */
export function dateTime(ms: number, timeZone: string): string {
  const p = zonedParts(ms, timeZone);
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}`;
}

/** 2026-11-23 14:05:09 */
export function dateTimeSeconds(ms: number, timeZone: string): string {
  return `${dateTime(ms, timeZone)}:${zonedParts(ms, timeZone).second}`;
}

/** 14:05:09 */
export function clockTime(ms: number, timeZone: string): string {
  const p = zonedParts(ms, timeZone);
  return `${p.hour}:${p.minute}:${p.second}`;
}

const minute = 60_000;
const day = 86_400_000;

/** Ticks of a time axis that are `stepMs` apart: seconds only when they matter, the date where the day changes. */
export function axisLabels(ticks: readonly number[], stepMs: number, timeZone: string): string[] {
  let lastDate = '';
  return ticks.map((ms) => {
    const p = zonedParts(ms, timeZone);
    const date = `${p.month}-${p.day}`;
    const clock = stepMs < minute ? `${p.hour}:${p.minute}:${p.second}` : `${p.hour}:${p.minute}`;
    const changed = date !== lastDate;
    lastDate = date;
    if (stepMs >= day) return date;
    return changed ? `${clock}\n${date}` : clock;
  });
}

export interface Age {
  unit: 'seconds' | 'minutes' | 'hours' | 'days';
  count: number;
}

/** Coarse on purpose: an age is read at a glance. Negative ages (clocks apart) count as now. */
export function age(ms: number): Age {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return { unit: 'seconds', count: s };
  if (s < 3600) return { unit: 'minutes', count: Math.floor(s / 60) };
  if (s < 86_400) return { unit: 'hours', count: Math.floor(s / 3600) };
  return { unit: 'days', count: Math.floor(s / 86_400) };
}
