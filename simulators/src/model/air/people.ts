import { Random } from '../random.ts';
import { occupancy, type Tick } from '../tick.ts';

/** Who is in the zones: the same building, but no two days alike. */
export interface People {
  random: number;
  /** Hour and day for which the shares were drawn. */
  hour: number;
  day: number;
  /** By zone: of its people, how many come today (offices) or meet this hour (meeting rooms), 0 to 1. */
  share: number[];
}

export type Rhythm = 'office' | 'meeting';

export function newPeople(zones: number, seed: number): People {
  return { random: seed, hour: -1, day: -1, share: Array.from({ length: zones }, () => 0.9) };
}

export function stepPeople(before: People, rhythms: readonly Rhythm[], { calendar }: Tick): People {
  const hour = Math.floor(calendar.hour);
  const day = calendar.dayOfYear;
  if (hour === before.hour && day === before.day) return before;
  const random = new Random(before.random);
  const share = rhythms.map((rhythm, i) => {
    if (rhythm === 'meeting') return 0.15 + 0.75 * random.next();
    return day === before.day ? (before.share[i] ?? 0.9) : 0.86 + 0.16 * random.next();
  });
  return { random: random.state, hour, day, share };
}

/** Share of a zone's people who are there. */
export function present(people: People, zone: { id: string; index: number }, tick: Tick): number {
  if (tick.around.evacuated) return 0;
  const usual = occupancy(tick.calendar) * (people.share[zone.index] ?? 0.9);
  return Math.max(usual, 0.6 * tick.fault(zone.id, 'night-meeting'));
}
