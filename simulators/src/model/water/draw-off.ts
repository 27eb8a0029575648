import type { Random } from '../random.ts';
import { byHour, type Calendar } from '../tick.ts';

/** What the building draws. */
export interface DrawOff {
  /** Draw-off with all taps at the set pressure, m³/h. */
  demandM3h: number;
  /** Slow wander of the steady part around its daily course, as a share. */
  wander: number;
  /** What single uses (flushing valves, cleaners' hoses) draw now, m³/h. */
  burstM3h: number;
}

const workday = [
  [0, 0.4],
  [4.5, 0.3],
  [5.5, 2],
  [7.5, 9],
  [9, 16],
  [11, 13],
  [12.3, 21],
  [13.5, 15],
  [17.5, 14],
  [19, 7],
  [22, 2],
] as const;
const dayOff = [
  [0, 0.4],
  [6, 0.3],
  [9, 4],
  [13, 5],
  [19, 4],
  [22, 1],
] as const;

/** Share of the draw-off that comes in single uses; each begins with `useM3h` on average and fades within a minute or so. */
const burstShare = 0.35;
const useM3h = 3;
const useFadesS = 60;
const wanderFadesS = 90;

export function newDrawOff(): DrawOff {
  return { demandM3h: 6, wander: 0, burstM3h: 0 };
}

/** Mean draw-off of the hour at the set pressure, m³/h. */
function usualDrawM3h({ hour, workday: isWorkday }: Calendar): number {
  return byHour(hour, isWorkday ? workday : dayOff);
}

export function stepDrawOff(
  before: DrawOff,
  calendar: Calendar,
  { random, dtS }: { random: Random; dtS: number },
): DrawOff {
  const usual = usualDrawM3h(calendar);
  const wander = before.wander * Math.exp(-dtS / wanderFadesS) + 0.02 * Math.sqrt(dtS) * random.normal();
  const usesPerS = (burstShare * usual) / (useM3h * useFadesS);
  // Two numbers each step, whether a use begins or not, so that the course does not depend on the hour's rate.
  const begins = random.next() < usesPerS * dtS;
  const size = useM3h * (0.5 + random.next());
  const burstM3h = before.burstM3h * Math.exp(-dtS / useFadesS) + (begins ? size : 0);
  const steady = (1 - burstShare) * usual * (1 + Math.max(-0.5, Math.min(0.5, wander)));
  return { demandM3h: Math.max(0.15, steady) + burstM3h, wander, burstM3h };
}
