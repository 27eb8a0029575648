import { loadCatalog } from '@plantroom/device-profiles';
import { describe, expect, it } from 'vitest';
import { faultCases } from './test-helpers/fault-cases.ts';
import { alarmsOf } from './test-helpers/run-air.ts';

describe('what a fault raises, and nothing else', () => {
  it.each(Object.entries(faultCases))('%s', (_name, { from, hours, befalls, alarms }) => {
    expect(
      alarmsOf({ from, hours, befalls })
        .map(({ alarm }) => alarm)
        .sort(),
    ).toEqual([...alarms]);
  });

  it('is, over all of them, every alarm of these classes that the demo building can deliver', () => {
    const { catalog } = loadCatalog();
    const raised = new Set(Object.values(faultCases).flatMap(({ alarms }) => alarms.map((name) => name.split('#')[1])));
    // Raised by the fire panel's linkage; the Daikin gateway has no operation word.
    const elsewhere = new Set(['fire-input', 'operation-alarm']);
    for (const id of ['ahu', 'hvac-zone', 'actuator', 'vav-box', 'vrf-unit', 'chiller'])
      for (const alarm of Object.keys(catalog.classes.get(id)!.alarms))
        expect(raised.has(alarm) || elsewhere.has(alarm), `${id} ${alarm}`).toBe(true);
  });
});
