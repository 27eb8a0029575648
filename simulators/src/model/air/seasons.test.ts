import { describe, expect, it } from 'vitest';
import { airPowerW } from './air.ts';
import { alarmsOf, type Befalls, runAir } from './test-helpers/run-air.ts';

/** Mondays of four seasons, a week each. */
const seasons = [
  ['winter', '2026-01-19T00:00:00+08:00'],
  ['spring', '2026-04-13T00:00:00+08:00'],
  ['the rains', '2026-06-22T00:00:00+08:00'],
  ['summer', '2026-07-20T00:00:00+08:00'],
  ['autumn', '2026-10-12T00:00:00+08:00'],
] as const;

/** A week of what people do. */
const activities: readonly Befalls[] = [
  { equipment: 'ahu-1', fault: 'filter-change', atH: 10, untilH: 10.6 },
  { equipment: 'ahu-2', fault: 'ahu-off', atH: 31, untilH: 32 },
  { equipment: 'ahu-3', fault: 'ahu-off', atH: 36, untilH: 36.5 },
  { equipment: 'ahu-2', fault: 'ahu-manual', atH: 58, untilH: 60 },
  { equipment: 'ahu-1', fault: 'damper-test', atH: 38, untilH: 38.1 },
  { equipment: 'ahu-3', fault: 'damper-test', atH: 38.2, untilH: 38.3 },
  { equipment: 'zone-low', fault: 'night-meeting', atH: 68, untilH: 71 },
  { equipment: 'zone-meeting', fault: 'night-meeting', atH: 92, untilH: 95 },
  { equipment: 'zone-low', fault: 'battery-change', atH: 82, untilH: 82.1 },
  { equipment: 'damper-ahu-3', fault: 'actuator-run', atH: 106, untilH: 106.25 },
  { equipment: 'vav-lobby-1', fault: 'actuator-run', atH: 107, untilH: 107.25 },
  { equipment: 'chiller-1', fault: 'chiller-off', atH: 108, untilH: 111 },
  { equipment: 'vrf-office', fault: 'vrf-filter-cleaning', atH: 109, untilH: 109.2 },
];

describe.each(seasons)('a healthy week in %s', (_name, from) => {
  it.each([7])('keeps every room in order, whatever people do, and raises no alarm (seed %i)', (seed) => {
    const purge: Befalls[] =
      from.includes('-04-') || from.includes('-10-')
        ? [{ equipment: 'ahu-3', fault: 'night-purge', atH: 122, untilH: 125 }]
        : [];
    expect(alarmsOf({ from, hours: 168, seed, befalls: [...activities, ...purge] })).toEqual([]);
  });

  it('is comfortable while people are there', () => {
    runAir({
      from,
      hours: 48,
      each: ({ zones }, _, hour) => {
        const ofDay = hour % 24;
        if (hour < 12 || ofDay < 9 || ofDay > 18) return;
        for (const { id, airC, seenRh, co2Ppm } of zones) {
          expect(airC, id).toBeGreaterThan(19.5);
          expect(airC, id).toBeLessThan(26.5);
          expect(seenRh, id).toBeLessThan(75);
          expect(co2Ppm, id).toBeLessThan(1000);
        }
      },
    });
  });
});

it('two runs from one seed are one run, and another seed is another', () => {
  const of = (seed: number) => runAir({ from: seasons[3][1], hours: 6, seed });
  expect(of(7)).toEqual(of(7));
  expect(airPowerW(of(8))).not.toBe(airPowerW(of(7)));
});
