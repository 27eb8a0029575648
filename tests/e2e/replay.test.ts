import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@plantroom/contracts/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  bedFolder,
  bedPoint,
  compareWithHistorian,
  expectedRows,
  type ReplayBed,
  setHighLimit,
  startReplayBed,
} from '../helpers/replay-bed.ts';

const file = join(bedFolder, 'sample.csv');
const expected = expectedRows(readFileSync(file, 'utf8'));

describe('a recording of a test bed through a Modbus device and the whole line', () => {
  let bed: ReplayBed;

  beforeAll(async () => {
    bed = await startReplayBed();
    // Every recorded row is above; set before the first value comes.
    await setHighLimit(bed.stack, 'temperature', 60);
    await bed.play(file, { rows: expected.length });
  });
  afterAll(() => bed?.destroy());

  test('its eight signals are live with the recorded values', async () => {
    const last = expected.at(-1)!;
    expect(last.size).toBe(8);
    await eventually(() => {
      for (const [point, value] of last)
        expect(bed.live.values.get(bedPoint(point)), point).toMatchObject({ value, quality: 'good' });
    });
  });

  test('the historian holds every row with the values of the file', async () => {
    await eventually(async () => {
      expect(await compareWithHistorian(bed.stack, expected)).toEqual({
        rows: expected.length,
        missingRows: [],
        compared: expected.length * 8,
        differences: [],
      });
    });
  });

  test('a limit that was set on one signal raises an alarm and exactly one work order', async () => {
    await eventually(async () => {
      const [order, ...more] = await bed.stack.api.workOrders();
      expect(more).toEqual([]);
      expect(order).toMatchObject({ equipment: 'bed/bed-1', failureMode: 'temperature-out-of-limits' });
      expect(bed.live.alarms.get(`${bedPoint('temperature')}#H`)).toMatchObject({
        state: 'UNACK',
        flags: { active: true },
        workOrder: order!.id,
      });
      expect([...bed.live.workOrders.keys()]).toEqual([order!.id]);
    });
  });
});
