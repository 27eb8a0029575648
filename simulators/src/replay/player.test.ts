import { VirtualClock } from '@plantroom/contracts';
import { describe, expect, it } from 'vitest';
import { Player } from './player.ts';
import type { Recording } from './recording.ts';

/** Three rows at 0, 1 and 4 s. */
const recording: Recording = {
  startMs: 0,
  columns: [{ name: 'Pressure', point: 'pressure' }],
  ignored: [],
  rows: [
    { line: 2, offsetMs: 0, values: [10] },
    { line: 3, offsetMs: 1000, values: [20] },
    { line: 4, offsetMs: 4000, values: [30] },
  ],
};

function play(options: { speed: number | 'as-fast'; loop?: boolean; periodMs?: number }) {
  const clock = new VirtualClock();
  const player = new Player({ recording, clock, loop: false, progress: () => undefined, ...options });
  let ended = false;
  void player.ended.then(() => {
    ended = true;
  });
  return { clock, player, ended: () => ended };
}

describe('the player', () => {
  it('puts rows in place at their recorded distances, at speed', () => {
    const { clock, player } = play({ speed: 2 });
    clock.advance(10_000);
    expect(player.value('pressure')).toBe(10);
    player.start();
    clock.advance(499);
    expect(player.value('row')).toBe(1);
    clock.advance(1);
    expect([player.value('row'), player.value('pressure')]).toEqual([2, 20]);
    clock.advance(1499);
    expect(player.value('row')).toBe(2);
    clock.advance(1);
    expect([player.value('row'), player.value('pressure')]).toEqual([3, 30]);
  });

  it('ends when the last row stands, and the row stays', async () => {
    const { clock, player, ended } = play({ speed: 1 });
    player.start();
    clock.advance(3999);
    await Promise.resolve();
    expect(ended()).toBe(false);
    clock.advance(60_000);
    await player.ended;
    expect(player.value('pressure')).toBe(30);
  });

  it('begins again with loop, and the revision goes on rising', () => {
    const { clock, player } = play({ speed: 1, loop: true });
    player.start();
    clock.advance(4000);
    const atEnd = player.revision;
    clock.advance(1000);
    expect(player.value('row')).toBe(1);
    expect(player.revision).toBe(atEnd + 1);
    clock.advance(1000);
    expect(player.value('row')).toBe(2);
  });

  it('begins again with the others of its plan, when the longest of them is over', () => {
    const { clock, player } = play({ speed: 1, loop: true, periodMs: 10_000 });
    player.start();
    clock.advance(9999);
    expect(player.value('row')).toBe(3);
    clock.advance(1);
    expect(player.value('row')).toBe(1);
    clock.advance(10_001);
    expect(player.value('row')).toBe(1);
  });

  it('as fast as it is read, goes on only when the row has been seen', async () => {
    const { clock, player } = play({ speed: 'as-fast' });
    player.seen();
    expect(player.value('row')).toBe(1);
    player.start();
    clock.advance(100_000);
    expect(player.value('row')).toBe(1);
    player.seen();
    player.seen();
    expect(player.value('row')).toBe(3);
    player.seen();
    await player.ended;
    expect(player.value('row')).toBe(3);
  });
});
