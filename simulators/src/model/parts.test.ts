import { expect, it } from 'vitest';
import { faultCatalogue } from '../faults/catalogue.ts';
import { demoBuilding } from './building-spec.ts';
import { partsOf } from './parts.ts';

it('every part that a fault needs is somewhere in the demo building', () => {
  const parts = partsOf(demoBuilding([]));
  for (const { id, part } of faultCatalogue.filter((spec) => spec.part !== undefined))
    expect(
      [...parts.values()].filter((of) => part !== undefined && of.has(part)).length,
      `${id}: ${part}`,
    ).toBeGreaterThan(0);
  const of = (id: string) => [...(parts.get(id) ?? [])];
  expect(of('ahu-1')).toEqual(['fresh-air unit', 'electric heater']);
  expect(of('ahu-2')).toEqual(['fresh-air unit', 'water heater']);
  expect(of('ahu-3')).toEqual([]);
  expect(of('meter-incomer')).toEqual(['incomer']);
  expect(of('pump-3')).toEqual(['booster pump']);
  expect(of('sump-pump-1')).toEqual(['sump pump']);
  expect(of('fire-zone-b1')).toEqual(['sprinklers', 'carbon monoxide detector']);
  expect(of('fire-zone-roof')).toEqual([]);
});
