import { describe, expect, it } from 'vitest';
import { type Course, ticks } from '../test-helpers/water-course.ts';
import { type Gas, type GasRoom, newGas, stepGas } from './gas.ts';

const fresh = (): Gas => newGas(['gas-1'], 7);

function gasAfter(options: Course & { start?: Gas; each?: (room: GasRoom, second: number) => void }): Gas {
  let gas = options.start ?? fresh();
  let second = 0;
  for (const tick of ticks(options)) {
    gas = stepGas(gas, tick);
    second++;
    for (const room of gas.rooms) options.each?.(room, second);
  }
  return gas;
}

describe('the kitchen', () => {
  it('stays far from any limit on days of cooking', () => {
    let highest = 0;
    let lowest = 0;
    gasAfter({
      seconds: 2 * 86_400,
      each: ({ readingPct }) => {
        highest = Math.max(highest, readingPct);
        lowest = Math.min(lowest, readingPct);
      },
    });
    expect(highest).toBeLessThan(5);
    expect(lowest).toBeGreaterThan(-3);
  });

  it('fills with gas from a leak at night until the controller shuts the valve at 25 % LEL, then clears', () => {
    const at: Record<string, number> = {};
    let highest = 0;
    const leaking = { 'gas-1 gas-leak': 1 };
    const end = gasAfter({
      seconds: 3600,
      faults: leaking,
      each: ({ readingPct, isShut }, second) => {
        if (readingPct > 10) at.first ??= second;
        if (isShut) at.shut ??= second;
        highest = Math.max(highest, readingPct);
      },
    });
    // 6 m³/h into 120 m³ is 5 % of volume, or 100 % LEL, in an hour, less what leaves the room.
    expect(at.first).toBeGreaterThan(300);
    expect(at.first).toBeLessThan(480);
    expect(at.shut).toBeGreaterThan(840);
    expect(at.shut).toBeLessThan(1080);
    expect(highest).toBeLessThan(28);
    expect(end.rooms[0]).toMatchObject({ isShut: true });
    expect(end.rooms[0]?.readingPct).toBeLessThan(1);
    expect(gasAfter({ seconds: 60, start: end }).rooms[0]?.isShut).toBe(false);
  });

  it('shows less than there is when its zero has drifted', () => {
    expect(gasAfter({ seconds: 300, faults: { 'gas-1 gas-sensor-drift': 1 } }).rooms[0]?.readingPct).toBeLessThan(-8);
  });
});
