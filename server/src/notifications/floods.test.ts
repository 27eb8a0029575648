import { expect, test } from 'vitest';
import { fireFacts } from './test-helpers/messages.ts';
import { channel, ReceivingBed } from './test-helpers/receiving-bed.ts';

const minute = 60_000;
const startMs = Date.parse('2026-11-23T14:00:00+08:00');
const wired = new ReceivingBed(startMs);
const desk = { position: 'desk', beganMs: startMs + 2000 };

const toHookAndGroup = async () => {
  await wired.bed.policy({ id: 'p', steps: [{ afterMinutes: 0, targets: [channel('hook'), channel('group')] }] });
  await wired.bed.start();
};
/** So many alarms, then the flood that they are, in one commit's time. */
const beginFlood = async () => {
  for (let at = 0; at < 11; at++) await wired.bed.raise(`hq/a${at}/x#H`);
  await wired.bed.pass(2000);
  await wired.bed.flood('flood-began', desk);
  await wired.bed.settled();
};

test('what was being gathered when a flood begins goes out at once as its first summary', async () => {
  await toHookAndGroup();
  await beginFlood();
  expect(wired.group()).toHaveLength(1);
  const [text] = wired.group();
  expect(text).toContain('【告警泛滥】值班室：塔楼B 11 条告警');
  expect(text).toContain('开始：2026-11-23 14:00');
  expect(text).toContain('按系统：给排水 11');
  expect(text).toContain('另有 8 条');
  expect((await wired.bed.deliveries()).find((each) => each.channel === 'group')).toMatchObject({
    kind: 'flood',
    count: 11,
  });
});

test('while it goes on there is one summary a channel each five minutes, and the last one when it ends', async () => {
  await toHookAndGroup();
  await beginFlood();
  const before = wired.hooks().length;
  for (let at = 0; at < 8; at++) {
    await wired.bed.raise(`hq/b${at}/x#H`);
    await wired.bed.pass(minute);
  }
  // Raised from the begin on, each minute: five before the first five minutes are over.
  expect(
    wired
      .hooks()
      .slice(before)
      .map((each) => each.length),
  ).toEqual([5]);
  expect(wired.group().map((text) => /(\d+) 条告警/.exec(text)?.[1])).toEqual(['11', '5']);
  await wired.bed.flood('flood-ended', desk);
  await wired.bed.settled();
  expect(
    wired
      .hooks()
      .slice(before)
      .map((each) => each.length),
  ).toEqual([5, 3]);
  expect(wired.group().at(-1)).toContain('【告警泛滥已结束】值班室：塔楼B 3 条告警');
  await wired.bed.raise('hq/c/x#H');
  await wired.bed.pass(30_000);
  expect(wired.group().at(-1)).toContain('重要');
  expect((await wired.bed.deliveries()).at(-1)).toMatchObject({ kind: 'alarm', count: 1 });
});

test('life safety and what is critical go out at once and alone, in the middle of a flood', async () => {
  await toHookAndGroup();
  await beginFlood();
  const before = wired.hooks().length;
  await wired.bed.raise('hq/b/x#H');
  wired.bed.facts.set('hq/zone/fire#fire', fireFacts({ alarm: 'hq/zone/fire#fire' }));
  await wired.bed.raise('hq/zone/fire#fire', { priority: 'critical' });
  await wired.bed.raise('hq/d/x#H', { priority: 'critical' });
  await wired.bed.settled();
  expect(wired.hooks().slice(before)).toEqual([['announced hq/zone/fire#fire'], ['announced hq/d/x#H']]);
  await wired.bed.pass(5 * minute);
  // The fire never goes into a summary.
  expect(wired.hooks().filter((each) => each.includes('announced hq/zone/fire#fire') && each.length > 1)).toEqual([]);
});

test('another position goes on as ever', async () => {
  await toHookAndGroup();
  await beginFlood();
  const before = wired.hooks().length;
  await wired.bed.raise('hq/plant-1/x#H');
  await wired.bed.settled();
  expect(wired.hooks().slice(before)).toEqual([['announced hq/plant-1/x#H']]);
});

test('good news of a flood goes into its summaries too', async () => {
  await wired.bed.policy({ id: 'p', tellReturned: true, steps: [{ afterMinutes: 0, targets: [channel('hook')] }] });
  await wired.bed.start();
  await beginFlood();
  const before = wired.hooks().length;
  for (let at = 0; at < 4; at++) await wired.bed.giveBack(`hq/a${at}/x#H`);
  await wired.bed.pass(4 * minute);
  expect(wired.hooks()).toHaveLength(before);
  await wired.bed.pass(minute);
  expect(
    wired
      .hooks()
      .slice(before)
      .map((each) => each.length),
  ).toEqual([4]);
});

test('a restart in a flood changes nothing: what waits goes out with the next summary, as one', async () => {
  await toHookAndGroup();
  await beginFlood();
  const before = wired.hooks().length;
  await wired.bed.raise('hq/b1/x#H');
  await wired.bed.settled();
  await wired.bed.stop();
  await wired.bed.open();
  await wired.bed.start();
  await wired.bed.raise('hq/b2/x#H');
  await wired.bed.pass(4 * minute);
  expect(wired.hooks()).toHaveLength(before);
  await wired.bed.pass(minute);
  expect(
    wired
      .hooks()
      .slice(before)
      .map((each) => each.length),
  ).toEqual([2]);
});

test('a flood of two thousand sends no more messages than its summaries', async () => {
  await toHookAndGroup();
  await beginFlood();
  const before = wired.group().length;
  const lines = Array.from({ length: 2000 }, (_, at) => ({
    alarm: `hq/s${at}/x#H`,
    action: 'activated' as const,
    stateBefore: 'NORM' as const,
    stateAfter: 'UNACK' as const,
  }));
  await wired.bed.journal(...lines);
  await wired.bed.settled();
  await wired.bed.pass(5 * minute);
  expect(wired.group().length - before).toBe(1);
  expect(wired.group().at(-1)).toContain('2000 条告警');
});
