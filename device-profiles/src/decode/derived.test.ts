import { describe, expect, it } from 'vitest';
import type { Decoded } from '../binding.ts';
import { loadCatalog } from '../load-catalog.ts';
import { compileBindings } from './compile-bindings.ts';
import { derivedBindings } from './derived.ts';

const { catalog } = loadCatalog();

function bindingsOf(id: string, equipment = 'm') {
  const profile = catalog.profiles.get(id);
  if (!profile) throw new Error(id);
  return compileBindings({ catalog, profile, serves: [{ role: Object.keys(profile.serves)[0]!, equipment }] }).bindings;
}
const good = (value: number): Decoded => ({ value, quality: 'good' });
const derivedOf = (id: string) => {
  const derived = derivedBindings(catalog, bindingsOf(id));
  return (point: string) => derived.find((binding) => binding.point === point);
};

describe('derived points', () => {
  it('an Acrel ADW300 gets the average of its three voltages, as volts of the class', () => {
    const average = derivedOf('acrel/adw300')('voltage-ln-average');
    expect(average).toMatchObject({
      unit: 'V',
      range: [0, 500],
      at: { protocol: 'derived', inputs: ['voltage-l1', 'voltage-l2', 'voltage-l3'] },
    });
    expect(average?.decode([good(230), good(231), good(235)])).toEqual(good(232));
  });

  it('what a device delivers is not derived, and what lacks an input stays absent', () => {
    const sdm630 = derivedOf('eastron/sdm630');
    expect(sdm630('voltage-ln-average')).toBeUndefined();
    expect(sdm630('power')).toBeUndefined();
    expect(derivedOf('eastron/sdm120')('voltage-ln-average')).toBeUndefined();
    expect(derivedOf('acrel/adw300')('reactive-power')).toBeUndefined();
  });

  it('inputs may come from several devices of one equipment, and may themselves be derived', () => {
    const all = bindingsOf('eastron/sdm630').filter(({ point }) => point !== 'power' && point !== 'power-factor');
    const derived = derivedBindings(catalog, all);
    const order = derived.map(({ point }) => point);
    expect(order).toContain('power-factor');
    expect(order.indexOf('power')).toBeLessThan(order.indexOf('power-factor'));
    const factor = derived.find(({ point }) => point === 'power-factor');
    expect(factor?.decode([good(900), good(1000)])).toEqual(good(0.9));
    expect(factor?.decode([good(0), good(0)])).toEqual({ value: null, quality: 'bad', reason: 'device-error' });
  });

  it('the unbalance is the negative sequence of the line voltages', () => {
    const unbalance = derivedOf('eastron/sdm630')('voltage-unbalance')!;
    const of = (...volts: number[]): number => Number(unbalance.decode(volts.map(good)).value);
    expect(of(400, 400, 400)).toBeCloseTo(0, 6);
    // A negative sequence of 0.03 in phase with the first line: 1.03, and twice √(1 + 0.0009 - 0.03).
    expect(of(412, 400 * Math.sqrt(0.9709), 400 * Math.sqrt(0.9709))).toBeCloseTo(3, 6);
    // One phase gone: two lines of 1/√3, one whole.
    expect(of(230, 230, 398.4)).toBeCloseTo(50, 0);
    expect(unbalance.decode([good(0), good(0), good(0)])).toMatchObject({ value: null, quality: 'bad' });
  });

  it('each equipment is on its own', () => {
    const [one, two] = [bindingsOf('acrel/adw300', 'a'), bindingsOf('acrel/adw300', 'b')];
    const split = [...one.filter(({ point }) => point !== 'voltage-l3'), ...two];
    const found = derivedBindings(catalog, split).filter(({ point }) => point === 'voltage-ln-average');
    expect(found.map(({ equipment }) => equipment)).toEqual(['b']);
  });

  it('the worst input decides quality and reason', () => {
    const average = derivedOf('acrel/adw300')('voltage-ln-average')!;
    const stale: Decoded = { value: 231, quality: 'uncertain', reason: 'stale' };
    const lost: Decoded = { value: null, quality: 'bad', reason: 'comm-lost' };
    expect(average.decode([good(230), stale, good(235)])).toEqual({
      value: 232,
      quality: 'uncertain',
      reason: 'stale',
    });
    expect(average.decode([stale, lost, good(235)])).toEqual({ value: null, quality: 'bad', reason: 'comm-lost' });
    expect(average.decode([good(230), good(231)])).toEqual({ value: null, quality: 'bad', reason: 'device-error' });
  });
});
