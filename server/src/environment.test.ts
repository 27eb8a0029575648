import { expect, test } from 'vitest';
import { readEnvironment } from './environment.ts';

test('how long a missing Sparkplug message may still come can be set, within bounds that are told', () => {
  expect(readEnvironment({}).reorderMs).toBe(1_000);
  expect(readEnvironment({ PLANTROOM_REORDER_MS: '2500' }).reorderMs).toBe(2_500);
  for (const bad of ['99', '60001', '1.5', 'soon'])
    expect(() => readEnvironment({ PLANTROOM_REORDER_MS: bad })).toThrow(
      `PLANTROOM_REORDER_MS is "${bad}"; allowed: a whole number from 100 to 60000`,
    );
});

test('the longest shelving is eight hours, or what is set, within bounds that are told', () => {
  expect(readEnvironment({}).maxShelvingMs).toBe(8 * 3_600_000);
  expect(readEnvironment({ PLANTROOM_MAX_SHELVING_MINUTES: '60' }).maxShelvingMs).toBe(3_600_000);
  for (const bad of ['0', '10081', '1.5', 'a shift'])
    expect(() => readEnvironment({ PLANTROOM_MAX_SHELVING_MINUTES: bad })).toThrow(
      `PLANTROOM_MAX_SHELVING_MINUTES is "${bad}"; allowed: a whole number from 1 to 10080`,
    );
});
