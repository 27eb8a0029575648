import { expect, test } from 'vitest';
import { credentials } from './test-helpers/receivers.ts';
import { channel, ReceivingBed } from './test-helpers/receiving-bed.ts';

const startMs = Date.parse('2026-11-23T12:00:00+08:00');
const wired = new ReceivingBed(startMs);

test('the secrets of channels are there at every moment of a change: what is sent meanwhile is not given up', async () => {
  await wired.bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [channel('hook')] }] });
  const { book } = wired.bed;
  let isOver = false;
  let looked = 0;
  const change = book
    .change((db) => book.save(db, 'person', { id: 'an' }))
    .then(() => {
      isOver = true;
    });
  while (!isOver) {
    expect(book.secrets('hook')).toEqual(credentials.webhook);
    expect(book.config.channels.has('hook')).toBe(true);
    looked++;
    await Promise.resolve();
  }
  await change;
  expect(looked).toBeGreaterThan(10);
});
