import { expect, test } from 'vitest';
import { modbusDevice } from '../test-helpers/devices.ts';
import { BlockMemory } from './block-memory.ts';
import { isModbusDevice } from './modbus-device.ts';
import { type PollBlock, planPoll } from './poll-plan.ts';

const minutes = 60_000;

function memoryOf(addresses: number[]) {
  const device = modbusDevice('d', Object.fromEntries(addresses.map((at) => [`p${at}`, { at }])));
  if (!isModbusDevice(device)) throw new Error('not Modbus');
  const { blocks } = planPoll(device, 'normal');
  return { memory: new BlockMemory(blocks, device.profile), block: blocks[0]! };
}
/** Refused by a device that answers other blocks. */
function refused(memory: BlockMemory, block: PollBlock, nowMs: number) {
  const instead = memory.instead(block, nowMs);
  return { instead, news: memory.confirmed(block, nowMs) };
}
const ranges = (blocks: readonly PollBlock[]): string[] => blocks.map((b) => `${b.start}+${b.count}`);

test('a refused block is read in halves, and whole again after ten minutes, twenty, forty … a day', () => {
  const { memory, block } = memoryOf([0, 1, 2, 3]);
  const { instead, news } = refused(memory, block, 0);
  expect([ranges(instead), news]).toEqual([['0+2', '2+2'], 'split']);
  let nowMs = 0;
  for (const waitMin of [10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440]) {
    expect(ranges(memory.due(nowMs + waitMin * minutes - 1))).toEqual(['0+2', '2+2']);
    nowMs += waitMin * minutes;
    expect(ranges(memory.due(nowMs))).toEqual(['0+4']);
    expect(ranges(refused(memory, block, nowMs).instead)).toEqual(['0+2', '2+2']);
  }
  expect(memory.answered(block)).toBe('whole');
  expect(ranges(memory.due(nowMs))).toEqual(['0+4']);
});

test('a value refused in three polls in a row is unsupported: asked every five minutes, until it comes', () => {
  const { memory, block } = memoryOf([7]);
  expect([1, 2, 3].map(() => refused(memory, block, 1000).news)).toEqual([undefined, undefined, 'unsupported']);
  expect(memory.due(1000 + 5 * minutes - 1)).toEqual([]);
  expect(ranges(memory.due(1000 + 5 * minutes))).toEqual(['7+1']);
  expect(refused(memory, block, 1000 + 5 * minutes).news).toBeUndefined();
  expect(memory.due(6 * minutes)).toEqual([]);
  expect(memory.answered(block)).toBe('supported');
  expect(ranges(memory.due(6 * minutes))).toEqual(['7+1']);
});

test('a value that is refused now and then is asked in every poll', () => {
  const { memory, block } = memoryOf([7]);
  for (let i = 0; i < 10; i++) {
    refused(memory, block, i);
    refused(memory, block, i);
    expect(i % 2 === 0 ? memory.answered(block) : memory.otherwise(block)).toBeUndefined();
    expect(ranges(memory.due(i))).toEqual(['7+1']);
  }
});

test('a split that a refusal of everything has led to is forgotten, one that was known before is not', () => {
  const { memory, block } = memoryOf([0, 1, 2, 3]);
  expect(ranges(memory.instead(block, 0))).toEqual(['0+2', '2+2']);
  memory.unfounded(block);
  expect(ranges(memory.due(1))).toEqual(['0+4']);
  refused(memory, block, 2);
  memory.unfounded(block);
  expect(ranges(memory.due(3))).toEqual(['0+2', '2+2']);
});

test('what was read before and is refused now is tried whole in every poll for two minutes, then when it has been refused a quarter longer', () => {
  const { memory, block } = memoryOf([0, 1, 2, 3]);
  memory.answered(block);
  const news = [];
  for (let nowMs = 0; nowMs < 2 * minutes; nowMs += 1000) {
    expect(ranges(memory.due(nowMs))).toEqual(['0+4']);
    const attempt = refused(memory, block, nowMs);
    expect(ranges(attempt.instead)).toEqual(['0+2', '2+2']);
    for (const part of attempt.instead) memory.answered(part);
    news.push(attempt.news);
  }
  expect(new Set(news)).toEqual(new Set([undefined]));
  for (let nowMs = 2 * minutes; nowMs < 20 * minutes; nowMs *= 1.25) {
    expect(ranges(memory.due(nowMs))).toEqual(['0+4']);
    expect(refused(memory, block, nowMs).news).toBe(nowMs === 2 * minutes ? 'split' : undefined);
    expect(ranges(memory.due(nowMs * 1.25 - 1))).toEqual(['0+2', '2+2']);
  }
});

test('a value of such a block costs the line three refusals, and is back with the whole block in the poll after', () => {
  const { memory, block } = memoryOf([0, 1, 2, 3]);
  memory.answered(block);
  const asked: number[] = [];
  const news: string[] = [];
  for (let second = 0; second < 60; second++) {
    let count = 0;
    const order = memory.due(second * 1000);
    for (let part = order.shift(); part !== undefined; part = order.shift()) {
      count += 1;
      // Registers 2 and 3 are gone.
      if (part.start + part.count <= 2) memory.answered(part);
      else {
        const { instead, news: told } = refused(memory, part, second * 1000);
        if (told !== undefined) news.push(told);
        order.push(...instead);
      }
    }
    asked.push(count);
  }
  expect(news).toEqual(['unsupported', 'unsupported']);
  // The whole, 0+2, 2+2, 2+1, 3+1; later the whole and 0+2, and the rest ever more rarely.
  expect(asked.slice(0, 3)).toEqual([5, 5, 5]);
  expect(asked.slice(3).reduce((sum, count) => sum + count, 0) / 57).toBeLessThan(3);
  expect(ranges(memory.due(60_000))).toEqual(['0+4']);
  expect(memory.answered(block)).toBe('whole');
  expect(ranges(memory.due(61_000))).toEqual(['0+4']);
});

test('refusals on both sides of an outage are not in a row', () => {
  const { memory, block } = memoryOf([7]);
  memory.answered(block);
  for (let second = 0; second < 4; second++) refused(memory, block, second * 1000);
  memory.otherwise(block);
  expect(refused(memory, block, 10 * minutes).news).toBeUndefined();
  expect(ranges(memory.due(10 * minutes + 1))).toEqual(['7+1']);
});

test('polls that are minutes apart are patient for five of them', () => {
  const { memory, block } = memoryOf([7]);
  memory.answered(block);
  const news = [0, 10, 20, 30, 40].map((at) => refused(memory, block, at * minutes).news);
  expect(news).toEqual([undefined, undefined, undefined, undefined, 'unsupported']);
});

test('the longer what was read before has been refused the less it is asked for, and every five minutes for ever', () => {
  const { memory, block } = memoryOf([7]);
  memory.answered(block);
  const asked: number[] = [];
  for (let second = 0; second < 3 * 60 * 60; second++) {
    if (memory.due(second * 1000).length === 0) continue;
    asked.push(second);
    refused(memory, block, second * 1000);
  }
  const pauses = asked.slice(1).map((second, i) => second - asked[i]!);
  expect(pauses.slice(0, 120)).toEqual(Array.from({ length: 120 }, () => 1));
  expect(pauses.slice(120, 124)).toEqual([30, 38, 47, 59]);
  expect(pauses.slice(-20)).toEqual(Array.from({ length: 20 }, () => 300));
});
