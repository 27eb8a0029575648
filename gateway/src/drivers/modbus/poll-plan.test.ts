import { expect, test } from 'vitest';
import { modbusDevice } from '../test-helpers/devices.ts';
import { isModbusDevice } from './modbus-device.ts';
import { type PollBlock, planPoll, splitBlock } from './poll-plan.ts';

function plan(...args: Parameters<typeof modbusDevice>) {
  const device = modbusDevice(...args);
  if (!isModbusDevice(device)) throw new Error('not Modbus');
  return { device, ...planPoll(device, 'normal') };
}
const ranges = (blocks: readonly PollBlock[]) => blocks.map((b) => `${b.table} ${b.start}+${b.count}`);

test('tables are read apart, bits by sixteen times as many', () => {
  const { blocks } = plan(
    'd',
    {
      a: { at: 0 },
      b: { table: 'holding', at: 1 },
      c: { table: 'coil', at: 0 },
      e: { table: 'coil', at: 1999 },
    },
    { modbus: { maxGap: 124 } },
  );
  expect(ranges(blocks)).toEqual(['coil 0+1', 'coil 1999+1', 'input 0+1', 'holding 1+1']);
  const near = plan('d', { a: { table: 'coil', at: 0 }, b: { table: 'coil', at: 1983 } }, { modbus: { maxGap: 124 } });
  expect(ranges(near.blocks)).toEqual(['coil 0+1984']);
});

test('the places of a combined point may lie in several blocks', () => {
  const { blocks } = plan('d', { zone: { at: [0, 1, 50] } });
  expect(blocks.map((b) => b.slots.map((s) => s.part))).toEqual([[0, 1], [2]]);
});

test('other poll classes are no holes, and are not asked for', () => {
  const { blocks } = plan('d', { a: { at: 0 }, b: { at: 1, poll: 'slow' }, c: { at: 2 } });
  expect(ranges(blocks)).toEqual(['input 0+3']);
  expect(blocks[0]?.slots.length).toBe(2);
});

test('a refused block is split at its holes first, then in halves, down to single values', () => {
  const points = { a: { at: 0, length: 2 }, b: { at: 2, length: 2 }, c: { at: 4, length: 2 }, d: { at: 8, length: 2 } };
  const { blocks, device } = plan('d', points, { modbus: { maxGap: 8 } });
  expect(ranges(blocks)).toEqual(['input 0+10']);
  const [low, high] = splitBlock(blocks[0]!, device.profile);
  expect(ranges([low!, high!])).toEqual(['input 0+6', 'input 8+2']);
  expect(ranges(splitBlock(low!, device.profile))).toEqual(['input 0+4', 'input 4+2']);
  expect(splitBlock(high!, device.profile)).toEqual([high]);
});
