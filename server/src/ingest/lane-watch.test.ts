import { VirtualClock } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { LaneWatch } from './lane-watch.ts';

const bed = () => {
  const clock = new VirtualClock();
  const told: boolean[] = [];
  const lane = new LaneWatch(clock, (isBehind) => told.push(isBehind));
  lane.born({ isReported: true });
  const pass = (s: number, what: { heard?: boolean; vouched?: boolean } = {}): void => {
    for (let i = 0; i < s; i++) {
      clock.advance(1000);
      if (what.heard) lane.heard();
      if (what.vouched) lane.vouched();
      lane.tick();
    }
  };
  return { lane, told, pass };
};

test('a lane that nothing vouches for is behind after a minute in which the gateway is heard, and told once', () => {
  const { told, pass } = bed();
  pass(10, { heard: true, vouched: true });
  pass(59, { heard: true });
  expect(told).toEqual([false]);
  pass(30, { heard: true });
  expect(told).toEqual([false, true]);
  pass(10, { heard: true, vouched: true });
  expect(told).toEqual([false, true, false]);
});

test('a gateway that is silent altogether is another matter, and a birth gives it its time anew', () => {
  const { lane, told, pass } = bed();
  pass(1, { heard: true, vouched: true });
  pass(500);
  lane.born({ isReported: true });
  lane.heard();
  pass(59, { heard: true });
  expect(told).toEqual([false]);
  pass(1, { heard: true });
  expect(told).toEqual([false, true]);
});

test('a node that does not report the lane is not watched', () => {
  const { lane, told, pass } = bed();
  lane.born({ isReported: false });
  pass(500, { heard: true });
  expect(told).toEqual([]);
});
