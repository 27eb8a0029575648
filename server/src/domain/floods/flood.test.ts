import { floodRule } from '@plantroom/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Annunciation, type FloodNews, type FloodState, figuresOf, noFlood, passFlood, rateAt } from './flood.ts';

const { windowMs, beginsAbove, endsBelow } = floodRule;
const minuteMs = 60_000;
const startMs = 10 * windowMs;

const told = (atMs: number, over: Partial<Annunciation> = {}): Annunciation => ({
  alarm: `hq/pump-${atMs}/fault#fault`,
  equipment: `hq/pump-${atMs % 7}`,
  system: 'water',
  priority: 'high',
  lifeSafety: false,
  atMs,
  ...over,
});

/** All at once, up to then. */
const pass = (items: readonly Annunciation[], nowMs: number, before: FloodState = noFlood) =>
  passFlood(before, { told: items, nowMs });

const spans = (news: readonly FloodNews[]): [string, number][] => news.map(({ type, atMs }) => [type, atMs]);

describe('begin and end', () => {
  test('ten within ten minutes are none; the eleventh begins one, and the oldest of them is what it began with', () => {
    const ten = Array.from({ length: 10 }, (_, at) => told(startMs + at * minuteMs));
    expect(pass(ten, startMs + 9 * minuteMs).state.flood).toBeNull();
    const { state, news } = pass([...ten, told(startMs + 9.5 * minuteMs)], startMs + 9.5 * minuteMs);
    expect(spans(news)).toEqual([['began', startMs + 9.5 * minuteMs]]);
    expect(state.flood).toMatchObject({ alarms: 11, peak: 11, first: ten[0] });
  });

  test('what is ten minutes old to the millisecond is outside', () => {
    const ten = Array.from({ length: 10 }, () => told(startMs));
    expect(pass([...ten, told(startMs + windowMs)], startMs + windowMs).state.flood).toBeNull();
    expect(pass([...ten, told(startMs + windowMs - 1)], startMs + windowMs).state.flood).not.toBeNull();
  });

  test('with five left it goes on; with four it is over, at the millisecond at which the fifth is too old', () => {
    const burst = Array.from({ length: 11 }, (_, at) => told(startMs + at * 1000));
    const began = pass(burst, startMs + 10_000).state;
    const dueMs = startMs + 6000 + windowMs;
    expect(rateAt(began, dueMs - 1)).toBe(5);
    expect(pass([], dueMs, began).news).toEqual([]);
    const { state, news } = pass([], dueMs + 1, began);
    expect(spans(news)).toEqual([['ended', dueMs]]);
    expect(news[0]?.rate).toBe(4);
    expect(state.flood).toBeNull();
  });

  test('an alarm in the very millisecond of the end holds it up', () => {
    const began = pass(
      Array.from({ length: 11 }, () => told(startMs)),
      startMs,
    ).state;
    const atMs = startMs + windowMs;
    const more = Array.from({ length: 5 }, () => told(atMs));
    expect(pass(more, atMs + 1, began).news).toEqual([]);
    expect(spans(pass(more.slice(1), atMs + 1, began).news)).toEqual([['ended', atMs]]);
  });

  test('a clock that steps back neither ends a flood nor begins one anew', () => {
    const began = pass(
      Array.from({ length: 11 }, () => told(startMs)),
      startMs,
    ).state;
    const { state, news } = pass([told(startMs - minuteMs)], startMs - minuteMs, began);
    expect(news).toEqual([]);
    expect(state.flood?.alarms).toBe(12);
  });

  test('it says by system and equipment what is told most, and what is about life', () => {
    const burst = [
      ...Array.from({ length: 7 }, () => told(startMs, { system: 'power', equipment: 'hq/meter' })),
      ...Array.from({ length: 3 }, () => told(startMs, { equipment: 'hq/tank', priority: 'critical' })),
      told(startMs, { system: 'fire', equipment: 'hq/zone', priority: 'critical', lifeSafety: true }),
    ];
    const { flood } = pass(burst, startMs).state;
    expect(figuresOf(flood!, 11)).toMatchObject({
      alarms: 11,
      lifeSafety: 1,
      critical: 3,
      systems: [
        { system: 'power', alarms: 7 },
        { system: 'water', alarms: 3 },
        { system: 'fire', alarms: 1 },
      ],
      equipment: [{ equipment: 'hq/meter' }, { equipment: 'hq/tank' }, { equipment: 'hq/zone' }],
    });
  });
});

/** As the definition says it, at each millisecond at which anything may change. */
function byDefinition(times: readonly number[], untilMs: number) {
  const count = (atMs: number): number => times.filter((time) => time > atMs - windowMs && time <= atMs).length;
  const moments = [...new Set(times.flatMap((time) => [time, time + windowMs]))].sort((a, b) => a - b);
  const found: { beganMs: number; endedMs: number | null; alarms: number; peak: number }[] = [];
  let open: (typeof found)[number] | null = null;
  for (const atMs of moments) {
    if (atMs >= untilMs) break;
    const rate = count(atMs);
    if (open === null && rate > beginsAbove) {
      open = { beganMs: atMs, endedMs: null, alarms: rate, peak: rate };
      found.push(open);
    } else if (open !== null) {
      open.alarms += times.filter((time) => time === atMs).length;
      open.peak = Math.max(open.peak, rate);
      if (rate < endsBelow) {
        open.endedMs = atMs;
        open = null;
      }
    }
  }
  return found;
}

/** Times in which floods come and go: bursts and silences, on a coarse grid so that windows meet to the millisecond. */
const streams = fc
  .array(fc.tuple(fc.nat({ max: 12 }), fc.integer({ min: 1, max: 14 })), { maxLength: 40 })
  .map((steps) => {
    let atMs = startMs;
    return steps.flatMap(([gap, count]) => {
      atMs += gap * minuteMs;
      return Array.from({ length: count }, () => atMs);
    });
  });

/** Cuts a stream into units of work: after each item whether another begins. */
const cuts = fc.infiniteStream(fc.boolean());

describe('properties', () => {
  test('however it is cut into units of work, the floods are those of the definition', () => {
    fc.assert(
      fc.property(streams, cuts, fc.integer({ min: 0, max: 30 }), (times, cut, lateMin) => {
        const untilMs = (times.at(-1) ?? startMs) + lateMin * minuteMs + 1;
        const found: { beganMs: number; endedMs: number | null; alarms: number; peak: number }[] = [];
        let state = noFlood;
        let unit: Annunciation[] = [];
        const settle = (nowMs: number): void => {
          const step = passFlood(state, { told: unit, nowMs });
          unit = [];
          state = step.state;
          for (const { type, flood } of step.news) {
            const { beganMs, endedMs, alarms, peak } = flood;
            if (type === 'ended') found.push({ beganMs, endedMs, alarms, peak });
          }
        };
        for (const atMs of times) {
          unit.push(told(atMs));
          if (cut.next().value) settle(atMs);
        }
        settle(untilMs);
        const { flood } = state;
        if (flood !== null) {
          const { beganMs, alarms, peak } = flood;
          found.push({ beganMs, endedMs: null, alarms, peak });
        }
        expect(found).toEqual(byDefinition(times, untilMs));
      }),
    );
  });

  test('what is taken up again from the last ten minutes, or from those before its begin, is what it was', () => {
    fc.assert(
      fc.property(streams, fc.nat(), fc.integer({ min: 0, max: 12 }), (times, at, downMin) => {
        const before = times.slice(0, times.length === 0 ? 0 : at % (times.length + 1));
        const stopMs = before.at(-1) ?? startMs;
        const nowMs = stopMs + downMin * minuteMs;
        const live = pass(
          before.map((atMs) => told(atMs)),
          stopMs,
        ).state;
        const sinceMs = (live.flood?.beganMs ?? nowMs) - windowMs;
        const kept = before.filter((atMs) => atMs > sinceMs).map((atMs) => told(atMs));
        const restored = pass(kept, kept.at(-1)?.atMs ?? 0).state;
        const rest = times.slice(before.length).map((atMs) => told(atMs + downMin * minuteMs));
        const endMs = (rest.at(-1)?.atMs ?? nowMs) + 2 * windowMs;
        const [a, b] = [live, restored].map((state) => pass(rest, endMs, state).news);
        expect(b).toEqual(a);
        expect(restored.flood).toEqual(live.flood);
      }),
    );
  });
});
