import fc from 'fast-check';
import { expect, test } from 'vitest';
import { at, high, Judge, normal, ruleWith, truth } from '../test-helpers/late-judge.ts';

test('whatever is lost and comes late, in the end the same has been told as if nothing had been lost', () => {
  const value = fc.constantFrom(normal, high);
  const isLifeSafety = fc.boolean();
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 4, maxLength: 30 }),
      fc.nat(),
      fc.nat(),
      isLifeSafety,
      fc.array(fc.boolean(), { maxLength: 60 }),
      (values, a, b, lifeSafety, turns) => {
        const rule = ruleWith({ lifeSafety });
        const samples = values.map((v, i) => at((i + 1) * 1000, v));
        const from = 1 + (a % (values.length - 2));
        const to = from + 1 + (b % (values.length - from - 1));
        const judge = new Judge(rule);
        for (const sample of samples.slice(0, from)) judge.live(sample);
        judge.live({ type: 'source-lost' });
        const late = samples.slice(from, to);
        const live = samples.slice(to);
        const [resumed] = live;
        if (resumed === undefined) return;
        judge.resume(resumed);
        live.shift();
        // Live data goes on while the late data comes.
        for (const isLive of turns) {
          const sample = isLive ? live.shift() : late.shift();
          if (sample !== undefined) isLive ? judge.live(sample) : judge.follow(sample);
        }
        for (const sample of late) judge.follow(sample);
        judge.close();
        for (const sample of live) judge.live(sample);
        const told = judge.told();
        const happened = truth(rule, samples);
        if (!lifeSafety) expect(told).toEqual(happened);
        // Life safety that is announced ahead of its end may run together with what live data shows next: nothing is left out for it.
        expect(told[0]).toEqual(happened[0]);
        for (const edge of happened.filter(({ type }) => type === 'raised'))
          expect([...told, ...judge.merged]).toContainEqual(edge);
        expect(judge.isActive).toBe(judge.state.active);
      },
    ),
    { numRuns: 5000 },
  );
});
