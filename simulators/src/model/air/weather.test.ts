import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHoliday } from '../holidays.ts';
import { seedFor } from '../random.ts';
import { calendarIn, type Tick } from '../tick.ts';
import { enthalpy, ratioOf, relativePct, saturationPa, temperatureOf, wetBulbC } from './moist-air.ts';
import { facadeSunW } from './sun.ts';
import { newWeather, stepWeather, type Weather } from './weather.ts';

const calendarOf = calendarIn('Asia/Shanghai');
/** Weather needs nothing of a tick but its calendar. */
const tickAt = (nowMs: number): Tick => ({ nowMs, dtS: 60, calendar: calendarOf(nowMs) }) as Tick;

function* days(from: string, count: number, seed = 7): Generator<Weather> {
  const startMs = Date.parse(from);
  let weather = newWeather(seedFor(seed, 'weather'));
  for (let minute = 0; minute < count * 1440; minute++) {
    weather = stepWeather(weather, tickAt(startMs + minute * 60_000));
    yield weather;
  }
}

describe('moist air', () => {
  it('agrees with the psychrometric chart', () => {
    expect(Math.abs(saturationPa(20) - 2339)).toBeLessThan(10);
    expect(ratioOf(25, 50)).toBeCloseTo(0.0099, 4);
    expect(enthalpy(25, ratioOf(25, 50)) / 1000).toBeCloseTo(50.3, 0);
    expect(wetBulbC(30, 50)).toBeCloseTo(22.3, 0);
  });

  it('comes back from humidity ratio and enthalpy', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -15, max: 45, noNaN: true }),
        fc.double({ min: 1, max: 100, noNaN: true }),
        (t, rh) => {
          const ratio = ratioOf(t, rh);
          expect(relativePct(t, ratio)).toBeCloseTo(rh, 6);
          expect(temperatureOf(enthalpy(t, ratio), ratio)).toBeCloseTo(t, 6);
        },
      ),
    );
  });
});

describe('the sun', () => {
  const at = (day: number, hour: number) => facadeSunW({ dayOfYear: day, hour, workday: true }, 0);

  it('stands in the east in the morning, in the south at noon, in the west in the evening, and is down at night', () => {
    const [, east, south, west] = [0, 1, 2, 3] as const;
    expect(Math.max(...at(80, 8))).toBe(at(80, 8)[east]);
    expect(Math.max(...at(80, 12))).toBe(at(80, 12)[south]);
    expect(Math.max(...at(80, 16))).toBe(at(80, 16)[west]);
    expect(at(80, 0)).toEqual([0, 0, 0, 0]);
  });

  it('shines deeper into a southern window in winter than in summer, and weaker through cloud', () => {
    expect(at(355, 12)[2]).toBeGreaterThan(at(172, 12)[2]! * 1.5);
    expect(facadeSunW({ dayOfYear: 355, hour: 12, workday: true }, 1)[2]).toBeLessThan(at(355, 12)[2]! / 2);
  });
});

describe('the weather', () => {
  it('is the same from the same seed and another from another', () => {
    expect([...days('2026-04-01T00:00:00+08:00', 2)]).toEqual([...days('2026-04-01T00:00:00+08:00', 2)]);
    expect([...days('2026-04-01T00:00:00+08:00', 1, 8)].at(-1)).not.toEqual(
      [...days('2026-04-01T00:00:00+08:00', 1)].at(-1),
    );
  });

  it('has the seasons of Shanghai, humid and with rain in about the time that it rains there', () => {
    const mean = (list: number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
    const of = (from: string) => [...days(from, 28)];
    const january = of('2026-01-10T00:00:00+08:00');
    const july = of('2026-07-15T00:00:00+08:00');
    expect(mean(january.map((w) => w.outdoorC))).toBeGreaterThan(1);
    expect(mean(january.map((w) => w.outdoorC))).toBeLessThan(9);
    expect(mean(july.map((w) => w.outdoorC))).toBeGreaterThan(26);
    expect(mean(july.map((w) => w.outdoorC))).toBeLessThan(33);
    const all = [...january, ...july];
    expect(mean(all.map((w) => w.outdoorRh))).toBeGreaterThan(60);
    expect(mean(all.map((w) => w.outdoorRh))).toBeLessThan(85);
    const wet = all.filter((w) => w.rainMmPerH > 0.1).length / all.length;
    expect(wet).toBeGreaterThan(0.01);
    expect(wet).toBeLessThan(0.25);
    for (const w of all) {
      expect(w.outdoorC).toBeGreaterThan(-8);
      expect(w.outdoorC).toBeLessThan(41);
      expect(w.outdoorRh).toBeLessThanOrEqual(100);
      expect(w.wetBulbC).toBeLessThan(w.outdoorC + 0.5);
      expect(w.rainMmPerH).toBeLessThan(100);
    }
  });
});

it('days off by law are no workdays', () => {
  expect(isHoliday({ year: 2026, month: 2, day: 17 })).toBe(true);
  expect(isHoliday({ year: 2026, month: 2, day: 20 })).toBe(false);
  expect(isHoliday({ year: 2031, month: 10, day: 1 })).toBe(true);
  expect(calendarOf(Date.parse('2026-02-17T10:00:00+08:00')).workday).toBe(false);
  expect(calendarOf(Date.parse('2026-02-24T10:00:00+08:00')).workday).toBe(true);
});
