import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Frontiers } from './frontiers.ts';

const open = (done: number): Frontiers<string[]> => new Frontiers(done, () => []);

describe('frontiers of a lane', () => {
  test('without a backlog there is one stretch, and it may be committed', () => {
    const frontiers = open(10);
    frontiers.advance(frontiers.newest, 25);
    expect(frontiers.done).toBe(25);
    expect(frontiers.backlogEnd).toBeUndefined();
    expect(frontiers.oldest).toBe(frontiers.newest);
    expect(frontiers.ahead).toBe(0);
  });

  test('live data goes ahead and nothing of it may be committed until the backlog has met it', () => {
    const frontiers = open(10);
    frontiers.leap(100);
    frontiers.advance(frontiers.newest, 130);
    expect(frontiers).toMatchObject({ done: 10, backlogEnd: 100, ahead: 30 });
    frontiers.advance(frontiers.oldest, 60);
    expect(frontiers.done).toBe(60);
    frontiers.advance(frontiers.oldest, 100);
    expect(frontiers).toMatchObject({ done: 130, ahead: 0 });
    expect(frontiers.backlogEnd).toBeUndefined();
  });

  test('what is remembered belongs to its stretch, and live data keeps its own when they meet', () => {
    const frontiers = open(0);
    frontiers.newest.state.push('backlog');
    frontiers.leap(50);
    frontiers.newest.state.push('live');
    expect(frontiers.oldest.state).toEqual(['backlog']);
    frontiers.advance(frontiers.oldest, 50);
    expect(frontiers.oldest.state).toEqual(['live']);
  });

  test('a second outage in the midst of a drain leaves two backlogs, drained one after the other', () => {
    const frontiers = open(0);
    frontiers.leap(100);
    frontiers.advance(frontiers.newest, 150);
    frontiers.leap(300);
    frontiers.advance(frontiers.newest, 310);
    expect(frontiers.ahead).toBe(60);
    frontiers.advance(frontiers.oldest, 100);
    expect(frontiers).toMatchObject({ done: 150, backlogEnd: 300 });
    frontiers.advance(frontiers.oldest, 300);
    expect(frontiers.done).toBe(310);
  });

  test('a receiver that stays away costs one stretch, however often it is tried', () => {
    const frontiers = open(0);
    for (let to = 100; to <= 10_000; to += 100) frontiers.leap(to);
    expect(frontiers.backlogEnd).toBe(10_000);
    frontiers.advance(frontiers.newest, 10_050);
    frontiers.advance(frontiers.oldest, 10_000);
    expect(frontiers).toMatchObject({ done: 10_050, ahead: 0 });
  });

  test('of more outages than are kept apart the newest are sent again: live data goes ahead all the same', () => {
    const frontiers = open(0);
    for (let to = 100; to <= 10_000; to += 100) {
      frontiers.leap(to);
      frontiers.advance(frontiers.newest, to + 10);
    }
    expect(frontiers.newest).toMatchObject({ from: 10_000, to: 10_010 });
    expect(frontiers.ahead).toBe(31 * 10);
    for (let steps = 0; frontiers.backlogEnd !== undefined; steps++) {
      expect(steps).toBeLessThan(40);
      frontiers.advance(frontiers.oldest, frontiers.backlogEnd);
    }
    expect(frontiers.done).toBe(10_010);
  });

  test('whatever the order of the steps, every position is delivered once and the done end never passes a gap', () => {
    const step = fc.record({
      what: fc.constantFrom('live', 'backlog', 'outage'),
      count: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const frontiers = open(0);
        const delivered: number[] = [];
        let produced = 0;
        const deliver = (from: number, to: number): void => {
          for (let i = from; i < to; i++) delivered[i] = (delivered[i] ?? 0) + 1;
        };
        for (const { what, count } of steps) {
          produced += count;
          if (what === 'outage') frontiers.leap(produced);
          const stretch = what === 'live' ? frontiers.newest : frontiers.oldest;
          const end = Math.min(stretch.to + count * 2, stretch === frontiers.newest ? produced : frontiers.backlogEnd!);
          deliver(stretch.to, end);
          frontiers.advance(stretch, end);
          for (let i = 0; i < frontiers.done; i++) expect(delivered[i]).toBe(1);
        }
        expect(Math.max(0, ...delivered.map((n) => n ?? 0))).toBeLessThanOrEqual(1);
      }),
    );
  });
});
