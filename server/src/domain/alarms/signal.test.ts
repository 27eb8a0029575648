import type { AlarmCondition, AlarmExpression, EnabledWhen } from '@plantroom/contracts';
import { describe, expect, it } from 'vitest';
import { SignalRig, testPlan } from '../test-helpers/signal-rig.ts';

const rig = (condition: AlarmCondition, enabledWhen?: EnabledWhen, absent?: string[]): SignalRig =>
  new SignalRig(testPlan({ condition, ...(enabledWhen === undefined ? {} : { enabledWhen }) }, absent));

const expression = (when: AlarmExpression): AlarmCondition => ({ type: 'expression', when });

describe('deviation', () => {
  it('compares with the point that says the setpoint, with its own deadband', () => {
    const own = rig({ type: 'deviation', from: 'b', above: 2, below: 3, deadband: 0.5 });
    own.say(0, 'a', 20).say(0, 'b', 20).say(10, 'a', 22.1).say(20, 'a', 21.6).say(30, 'a', 21.4).say(40, 'b', 25);
    expect(own.to(60).truths).toEqual([
      [0, false],
      [10, true],
      [30, false],
      [40, true],
    ]);
  });

  it('compares with a fixed setpoint, and knows nothing without its point', () => {
    expect(rig({ type: 'deviation', from: 20, below: 1 }).say(0, 'a', 50).say(5, 'a', 18.9).to(9).truths).toEqual([
      [0, false],
      [5, true],
    ]);
    expect(rig({ type: 'deviation', from: 'b', above: 1 }, undefined, ['b']).say(0, 'a', 99).to(9).truths).toEqual([]);
  });
});

describe('rate', () => {
  const fast: AlarmCondition = { type: 'rate', rise: 5, windowMs: 60_000 };

  it('sees a step, although nothing more is reported, until it has left the window', () => {
    const own = rig(fast).say(0, 'a', 10).say(100, 'a', 16);
    expect(own.to(400).truths).toEqual([
      [60, false],
      [100, true],
      [160, false],
    ]);
  });

  it('sees a slow climb only as far as the window reaches', () => {
    const own = rig(fast);
    for (let s = 0; s <= 600; s += 10) own.say(s, 'a', s * 0.05);
    expect(own.to(600).truths).toEqual([[60, false]]);
    const steep = rig(fast);
    for (let s = 0; s <= 600; s += 10) steep.say(s, 'a', s * 0.1);
    expect(steep.to(600).truths[0]).toEqual([50, true]);
  });

  it('falls are another matter, and a hole in the data is no change', () => {
    expect(rig(fast).say(0, 'a', 50).say(100, 'a', 10).to(300).truths).toEqual([[60, false]]);
    const hole = rig(fast).say(0, 'a', 10).to(90).lose(100, 'a').say(200, 'a', 90);
    expect(hole.to(400).truths).toEqual([
      [60, false],
      [100, null],
      [260, false],
    ]);
  });

  it('keeps a bounded number of values, however dense they are', () => {
    const own = rig(fast);
    for (let s = 0; s < 300; s += 0.1) own.say(s, 'a', Math.sin(s)).to(s);
    expect(own.signal.core.memos[0]?.values?.length).toBeLessThanOrEqual(66);
  });
});

describe('mismatch', () => {
  it('holds while command and feedback differ, booleans and numbers alike', () => {
    const own = rig({ type: 'mismatch', feedback: 'b' }).say(0, 'a', false).say(0, 'b', 0);
    own.say(10, 'a', true).say(13, 'b', 1).say(20, 'a', false);
    expect(own.to(30).truths).toEqual([
      [0, false],
      [10, true],
      [13, false],
      [20, true],
    ]);
  });

  it('lets two numbers lie apart by the tolerance', () => {
    const own = rig({ type: 'mismatch', feedback: 'b', tolerance: 5 })
      .say(0, 'a', 50)
      .say(0, 'b', 55)
      .say(9, 'b', 55.1);
    expect(own.to(30).truths).toEqual([
      [0, false],
      [9, true],
    ]);
  });
});

describe('count', () => {
  const thrice: AlarmCondition = { type: 'count', of: { is: [true] }, times: 3, windowMs: 60_000 };

  it('counts how often it became true, however short, until the window has passed', () => {
    const own = rig(thrice).say(0, 'a', false);
    for (const s of [10, 20, 30]) own.say(s, 'a', true).say(s + 0.1, 'a', false);
    expect(own.to(200).truths).toEqual([
      [0, false],
      [30, true],
      [70, false],
    ]);
  });

  it('does not count what stands when it is first seen, nor what was true before and after a hole', () => {
    const own = rig(thrice).say(0, 'a', true);
    for (const s of [10, 20, 30]) own.say(s, 'a', undefined).say(s + 1, 'a', true);
    expect(own.to(200).truths.some(([, holds]) => holds === true)).toBe(false);
  });

  it('does not end while nobody sees whether it goes on', () => {
    const own = rig(thrice).say(0, 'a', false);
    for (const s of [10, 20, 30]) own.say(s, 'a', true).say(s + 1, 'a', false);
    expect(own.say(40, 'a', undefined).to(200).truths).toEqual([
      [0, false],
      [30, true],
      [70, null],
    ]);
  });
});

describe('no-data', () => {
  const silent: AlarmCondition = { type: 'no-data', afterMs: 600_000 };

  it('holds when no usable value came for so long, and ends with the next one', () => {
    const own = rig(silent).say(0, 'a', 5).say(300, 'a', 5).say(400, 'a', undefined).say(1000, 'a', 5);
    expect(own.to(2000).truths).toEqual([
      [0, false],
      [900, true],
      [1000, false],
      [1600, true],
    ]);
  });

  it('says nothing of a device that is not there, and begins anew when it is back', () => {
    const own = rig(silent).say(0, 'a', 5).lose(0, 'a', { away: true }).to(3000);
    own.say(3000, 'a', undefined, { back: true });
    expect(own.to(3700).truths).toEqual([
      [0, false],
      [0, null],
      [3000, false],
      [3600, true],
    ]);
  });
});

describe('expressions', () => {
  const is = (point: string): AlarmExpression => (point === 'a' ? { is: [true] } : { point, is: [true] });
  const cases: [AlarmExpression, string, string, boolean | null][] = [
    [{ allOf: [is('a'), is('b')] }, 'true', 'true', true],
    [{ allOf: [is('a'), is('b')] }, 'true', 'unknown', null],
    [{ allOf: [is('a'), is('b')] }, 'false', 'unknown', false],
    [{ anyOf: [is('a'), is('b')] }, 'true', 'unknown', true],
    [{ anyOf: [is('a'), is('b')] }, 'unknown', 'true', true],
    [{ anyOf: [is('a'), is('b')] }, 'false', 'unknown', null],
    [{ anyOf: [is('a'), is('b')] }, 'false', 'false', false],
    [{ not: is('a') }, 'unknown', 'true', null],
    [{ allOf: [{ not: is('a') }, is('b')] }, 'false', 'true', true],
  ];
  it.each(cases)('%j with %s and %s is %s', (when, a, b, truth) => {
    const value = { true: true, false: false, unknown: undefined } as const;
    const own = new SignalRig(
      testPlan({ condition: expression({ anyOf: [when, { allOf: [is('b'), { not: is('b') }] }] }) }),
    );
    own
      .say(0, 'a', value[a as keyof typeof value])
      .say(0, 'b', value[b as keyof typeof value])
      .to(1);
    const plain = new SignalRig(testPlan({ condition: expression(when) }));
    plain.say(0, 'a', value[a as keyof typeof value]);
    if (plain.plan.points.includes('b')) plain.say(0, 'b', value[b as keyof typeof value]);
    expect(plain.to(1).signal.core.truth).toBe(truth);
  });

  it('what nothing delivers counts as the expression says, else nobody knows', () => {
    const when = (more: object): AlarmExpression => ({
      allOf: [is('a'), { not: { point: 'c', is: [true], ...more } }],
    });
    expect(
      rig(expression(when({ ifAbsent: false })), undefined, ['c'])
        .say(0, 'a', true)
        .to(1).truths,
    ).toEqual([[0, true]]);
    expect(
      rig(expression(when({})), undefined, ['c'])
        .say(0, 'a', true)
        .to(1).truths,
    ).toEqual([]);
  });
});

describe('operating states', () => {
  const running: EnabledWhen = { when: { point: 'b', is: [true] }, forMs: 30_000 };
  const high: AlarmCondition = { type: 'limit', kind: 'H', limit: 4 };

  it('counts only when the state has held for its time, and ends with the state', () => {
    const own = rig(high, running).say(0, 'a', 9).say(0, 'b', false).say(10, 'b', true).say(100, 'b', false);
    expect(own.to(200).truths).toEqual([
      [0, false],
      [40, true],
      [100, false],
    ]);
  });

  it('a state that nobody knows neither raises nor returns', () => {
    const own = rig(high, running)
      .say(0, 'a', 9)
      .say(0, 'b', true)
      .to(60)
      .lose(50, 'b')
      .say(70, 'a', 1)
      .say(80, 'a', 9);
    expect(own.to(100).truths).toEqual([
      [0, false],
      [30, true],
      [50, null],
      [70, false],
      [80, null],
    ]);
  });

  it('what happens outside of the state does not count within it', () => {
    const own = rig(
      { type: 'count', of: { is: [true] }, times: 2, windowMs: 60_000 },
      { when: { point: 'b', is: [true] } },
    );
    own.say(0, 'b', false).say(0, 'a', false).say(1, 'a', true).say(2, 'a', false).say(3, 'a', true).say(4, 'a', false);
    own.say(10, 'b', true).say(11, 'a', true).say(12, 'a', false);
    expect(own.to(20).truths).toEqual([[0, false]]);
    expect(own.say(21, 'a', true).to(30).truths.at(-1)).toEqual([21, true]);
  });
});
