import { describe, expect, test } from 'vitest';
import { at, high, Judge, normal, raised, returned, ruleWith } from '../test-helpers/late-judge.ts';
import type { LateRule } from './late-track.ts';

/** Live up to 1000, nothing heard until 9000; then live again, and what was read meanwhile comes late. */
function play(
  rule: LateRule,
  { before = normal, late, after }: { before?: number; late: [atMs: number, value: number][]; after: number },
): Judge {
  const judge = new Judge(rule);
  judge.live(at(1000, before));
  judge.live({ type: 'source-lost' });
  judge.resume(at(9000, after));
  for (const [atMs, value] of late) judge.follow(at(atMs, value));
  judge.close();
  return judge;
}

describe('an alarm that is found in late data', () => {
  test('still holds by a newest value that the live side has not been told yet: it waits for that, and is told once', () => {
    const rule = ruleWith({ onDelayMs: 4000 });
    const judge = new Judge(rule);
    judge.live(at(1000, normal));
    judge.live({ type: 'source-lost' });
    judge.follow(at(2000, high));
    // Current values are ahead of the queue of the rules.
    judge.close(at(9000, high));
    expect(judge.acts).toEqual([]);
    judge.resume(at(9000, high));
    judge.close(at(9000, high));
    judge.live({ type: 'time', atMs: 20_000 });
    expect(judge.told()).toEqual([raised(2000, 6000)]);
    expect(judge.isActive).toBe(true);
  });

  test('what is sent again while a delay runs live is no news', () => {
    const judge = new Judge(ruleWith({ onDelayMs: 5000 }));
    judge.live(at(0, normal));
    judge.live(at(2000, high));
    // A server that was killed has forgotten which times it has seen.
    judge.follow(at(0, normal));
    judge.follow(at(2000, high));
    judge.live({ type: 'time', atMs: 7000 });
    judge.close(at(9000, high));
    expect(judge.acts).toEqual([]);
    expect(judge.told()).toEqual([raised(2000, 7000)]);
  });

  test('and has returned meanwhile is history, with its true times', () => {
    const judge = play(ruleWith(), {
      late: [
        [3000, high],
        [5000, normal],
      ],
      after: normal,
    });
    expect(judge.acts).toEqual([{ type: 'historical', edges: [raised(3000), returned(5000)] }]);
  });

  test('and ends with the first live reading is history too', () => {
    const judge = play(ruleWith(), { late: [[3000, high]], after: normal });
    expect(judge.acts).toEqual([{ type: 'historical', edges: [raised(3000), returned(9000)] }]);
  });

  test('and still stands began when the late data says', () => {
    const judge = play(ruleWith(), { late: [[3000, high]], after: high });
    expect(judge.liveEdges).toEqual([raised(9000)]);
    expect(judge.acts).toEqual([{ type: 'correct', edge: raised(3000) }]);
    expect(judge.state).toMatchObject({ holds: true, active: true, sinceMs: 3000 });
  });

  test('is raised at once where live data alone would still wait', () => {
    const rule = ruleWith({ onDelayMs: 60_000 });
    const judge = new Judge(rule);
    judge.live(at(1000, normal));
    judge.live({ type: 'source-lost' });
    judge.resume(at(90_000, high));
    judge.follow(at(3000, high));
    judge.follow(at(70_000, high));
    judge.close();
    expect(judge.acts).toEqual([{ type: 'apply', edge: raised(3000, 63_000) }]);
    expect(judge.state).toMatchObject({ active: true, sinceMs: 3000 });
  });

  test('counts its delay from the true onset', () => {
    const rule = ruleWith({ onDelayMs: 60_000 });
    const judge = new Judge(rule);
    judge.live(at(1000, normal));
    judge.live({ type: 'source-lost' });
    judge.resume(at(9000, high));
    judge.follow(at(3000, high));
    judge.close();
    judge.live({ type: 'time', atMs: 62_999 });
    expect(judge.liveEdges).toEqual([]);
    judge.live({ type: 'time', atMs: 63_000 });
    expect(judge.liveEdges).toEqual([raised(3000, 63_000)]);
  });

  test('that stood before and returned meanwhile returned when the late data says', () => {
    const judge = play(ruleWith(), { before: high, late: [[4000, normal]], after: normal });
    expect(judge.acts).toEqual([{ type: 'correct', edge: returned(4000) }]);
  });

  test('that stood before and stands again was away in between', () => {
    const judge = play(ruleWith(), {
      before: high,
      late: [
        [4000, normal],
        [6000, high],
      ],
      after: high,
    });
    expect(judge.acts).toEqual([{ type: 'historical', edges: [returned(4000), raised(6000)] }]);
    expect(judge.isActive).toBe(true);
  });

  test('short of its delay is nothing', () => {
    const judge = play(ruleWith({ onDelayMs: 5000 }), {
      late: [
        [3000, high],
        [6000, normal],
      ],
      after: normal,
    });
    expect(judge.acts).toEqual([]);
  });

  test('that comes again by a repeated replay is no news', () => {
    const judge = play(ruleWith(), {
      late: [
        [3000, high],
        [5000, normal],
        [3000, high],
        [5000, normal],
      ],
      after: normal,
    });
    judge.follow(at(3000, high));
    judge.close();
    expect(judge.acts).toHaveLength(1);
  });

  test('stays open while nobody knows what came behind the late data', () => {
    const judge = new Judge(ruleWith());
    judge.live(at(1000, normal));
    judge.live({ type: 'source-lost' });
    judge.follow(at(3000, high));
    judge.close();
    judge.close({ type: 'reading', atMs: 9000, value: null, quality: 'bad', reason: 'comm-lost' });
    judge.close({ ...at(9000, normal), quality: 'uncertain', reason: 'stale' });
    expect(judge.acts).toEqual([]);
    judge.close(at(9000, normal));
    expect(judge.acts).toEqual([{ type: 'historical', edges: [raised(3000), returned(9000)] }]);
  });

  test('does not judge by values that are not good', () => {
    const judge = new Judge(ruleWith());
    judge.live(at(1000, normal));
    judge.resume(at(9000, normal));
    judge.follow({ type: 'reading', atMs: 3000, value: null, quality: 'bad', reason: 'comm-lost' });
    judge.close();
    expect(judge.acts).toEqual([]);
  });
});

describe('life safety in late data', () => {
  const fire = ruleWith({ lifeSafety: true });

  test('is announced when the data comes, and returned when its end comes', () => {
    const judge = play(fire, {
      late: [
        [3000, high],
        [5000, normal],
      ],
      after: normal,
    });
    expect(judge.acts).toEqual([
      { type: 'apply', edge: raised(3000) },
      { type: 'apply', edge: returned(5000) },
    ]);
  });

  test('does not wait for the end of the late data', () => {
    const judge = new Judge(fire);
    judge.live(at(1000, normal));
    judge.resume(at(9000, normal));
    judge.follow(at(3000, high));
    expect(judge.acts).toEqual([{ type: 'apply', edge: raised(3000) }]);
    expect(judge.isActive).toBe(true);
  });

  test('is not returned by an old end when it has broken out once more', () => {
    const judge = new Judge(fire);
    judge.live(at(1000, normal));
    judge.resume(at(9000, normal));
    judge.follow(at(3000, high));
    judge.live(at(10_000, high));
    judge.follow(at(5000, normal));
    judge.close();
    expect(judge.isActive).toBe(true);
  });
});
