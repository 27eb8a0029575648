import { expect, test } from 'vitest';
import { exportSlots } from './export-slots.ts';

test('one more than may run is asked to come back, and a slot that is given back twice is one', () => {
  const take = exportSlots(2);
  const giveBack = take();
  take();
  expect(take).toThrow('2 exports are running, at most 2; try again later');
  giveBack();
  giveBack();
  take();
  expect(take).toThrow(expect.objectContaining({ code: 'EXPORT_BUSY' }));
});
