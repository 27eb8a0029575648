import type { AlarmCondition, EnabledWhen } from '@plantroom/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SignalRig, testPlan } from '../test-helpers/signal-rig.ts';
import { endFollowing, follow } from './signal.ts';

const rig = (condition: AlarmCondition, enabledWhen?: EnabledWhen): SignalRig =>
  new SignalRig(testPlan({ condition, ...(enabledWhen === undefined ? {} : { enabledWhen }) }));

const conditions: fc.Arbitrary<[AlarmCondition, EnabledWhen | undefined]> = fc.constantFrom<
  [AlarmCondition, EnabledWhen | undefined]
>(
  [{ type: 'deviation', from: 'b', above: 2, deadband: 1 }, undefined],
  [{ type: 'rate', rise: 3, fall: 4, windowMs: 20_000, deadband: 1 }, undefined],
  [
    { type: 'rate', rise: 3, windowMs: 20_000 },
    { when: { point: 'b', above: 2 }, forMs: 7000 },
  ],
  [{ type: 'mismatch', feedback: 'b' }, undefined],
  [{ type: 'count', of: { above: 3 }, times: 2, windowMs: 30_000 }, { when: { not: { point: 'b', is: [0] } } }],
  [{ type: 'no-data', afterMs: 15_000 }, undefined],
  [
    {
      type: 'expression',
      when: {
        allOf: [
          { above: 2 },
          {
            anyOf: [
              { point: 'b', below: 3, deadband: 1 },
              { point: 'c', is: [1] },
            ],
          },
        ],
      },
    },
    undefined,
  ],
  [
    { type: 'limit', kind: 'H', limit: 3, deadband: 1 },
    {
      when: {
        anyOf: [
          { point: 'b', above: 2 },
          { point: 'c', above: 4 },
        ],
      },
      forMs: 5000,
    },
  ],
);

const samples = fc.array(
  fc.record({
    atS: fc.integer({ min: 0, max: 120 }),
    point: fc.constantFrom('a', 'b', 'c'),
    value: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined, freq: 6 }),
  }),
  { maxLength: 40 },
);

describe('whatever comes', () => {
  /** One value for a point at a time: (point, time) identifies a reading. */
  const fed = (to: SignalRig, all: readonly { atS: number; point: string; value: number | undefined }[]): SignalRig => {
    for (const { atS, point, value } of all) if (to.plan.points.includes(point)) to.say(atS, point, value);
    return to;
  };
  const distinct = (all: readonly { atS: number; point: string; value: number | undefined }[]) => [
    ...new Map(all.map((sample) => [`${sample.atS} ${sample.point}`, sample])).values(),
  ];

  it('in pieces, with a restart anywhere, gives the same as at once', () => {
    fc.assert(
      fc.property(conditions, samples, fc.array(fc.integer({ min: 0, max: 150 })), ([condition, when], all, cuts) => {
        const whole = fed(rig(condition, when), distinct(all)).to(150);
        const pieces = rig(condition, when);
        const rest = distinct(all).sort((x, y) => x.atS - y.atS);
        for (const cut of [...cuts, 150].sort((x, y) => x - y)) {
          while (rest[0] !== undefined && rest[0].atS <= cut) fed(pieces, rest.splice(0, 1));
          pieces.to(cut).revive();
        }
        expect(pieces.told).toEqual(whole.told);
        expect(pieces.signal.core.truth).toBe(whole.signal.core.truth);
      }),
      { numRuns: 400 },
    );
  });

  it('the order in which points and gateways tell does not matter', () => {
    fc.assert(
      fc.property(
        conditions,
        samples.chain((all) =>
          fc.tuple(fc.constant(distinct(all)), fc.shuffledSubarray(distinct(all), { minLength: distinct(all).length })),
        ),
        ([condition, when], [all, shuffled]) => {
          expect(fed(rig(condition, when), shuffled).to(150).told).toEqual(fed(rig(condition, when), all).to(150).told);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('late data tells of the past what live data would have told', () => {
    fc.assert(
      fc.property(conditions, samples, ([condition, when], all) => {
        const inTime = fed(rig(condition, when), distinct(all)).to(150);
        const plan = inTime.plan;
        const late = distinct(all)
          .filter(({ point }) => plan.points.includes(point))
          .map(({ atS, point, value }) => ({
            operand: plan.points.indexOf(point),
            atMs: atS * 1000,
            value: value ?? null,
            usable: value !== undefined,
          }))
          .sort((x, y) => x.atMs - y.atMs || x.operand - y.operand);
        const { told } = follow(plan, new SignalRig(plan).signal, late);
        const lastS = Math.max(0, ...late.map(({ atMs }) => atMs / 1000));
        const changes = told.filter(({ holds }, i) => holds !== (told[i - 1]?.holds ?? null));
        const within = inTime.truths.filter(([atS]) => atS <= lastS && late.length > 0);
        expect(changes.map(({ atMs, holds }) => [atMs / 1000, holds])).toEqual(within);
      }),
      { numRuns: 400 },
    );
  });

  it('what a birth has told already and what is sent after it together tell of an outage what live data would have told', () => {
    const outageS = 30;
    const known = samples.map((all) => distinct(all).filter(({ value }) => value !== undefined));
    fc.assert(
      fc.property(conditions, known, fc.integer({ min: 0, max: 120 }), ([condition, when], all, cutS) => {
        const inTime = fed(rig(condition, when), all).to(150);
        const { plan } = inTime;
        const mine = all.filter(({ point }) => plan.points.includes(point)).sort((x, y) => x.atS - y.atS);
        const [before, missing] = [mine.filter(({ atS }) => atS <= outageS), mine.filter(({ atS }) => atS > outageS)];
        const born = plan.points.flatMap((point) => missing.findLast((sample) => sample.point === point) ?? []);
        const late = missing.filter((sample) => !born.includes(sample));
        fc.pre(before.length > 0 && late.length > 0);
        const own = fed(new SignalRig(plan), before).to(outageS);
        const truthBefore = own.signal.core.truth;
        for (const point of plan.points) own.lose(outageS, point, { away: true });
        for (const { atS, point, value } of born) own.say(atS, point, value, { back: true });
        own.to(150);
        const toSample = ({ atS, point, value }: (typeof all)[number]) => ({
          operand: plan.points.indexOf(point),
          atMs: atS * 1000,
          value: value ?? null,
          usable: true,
        });
        const told = [late.filter(({ atS }) => atS <= cutS), late.filter(({ atS }) => atS > cutS)].flatMap((batch) => {
          const followed = follow(
            plan,
            own.signal,
            batch.map(toSample).sort((x, y) => x.atMs - y.atMs || x.operand - y.operand),
          );
          own.signal = followed.signal;
          return followed.told;
        });
        told.push(...endFollowing(plan, own.signal, 0).told);
        const changes = told.filter(({ holds }, i) => holds !== (i === 0 ? truthBefore : told[i - 1]?.holds));
        const lastS = Math.max(...missing.map(({ atS }) => atS));
        const within = inTime.truths.filter(([atS]) => atS > outageS && atS <= lastS);
        expect(changes.map(({ atMs, holds }) => [atMs / 1000, holds])).toEqual(within);
      }),
      { numRuns: 400 },
    );
  });
});
