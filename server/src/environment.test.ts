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
