import type { Supply } from '@plantroom/contracts';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { FeederBed } from './test-helpers/feeder-bed.ts';

const lost = (feeder: string): string => `hq/${feeder}/dead#lost`;
const fed = (...supplies: Supply[]) => ({ 'f-a': [], 'f-b': [], 'f-c': [], 'car-1': supplies, 'car-2': [] });
const oneOfTwo = fed({ oneOf: ['f-a', 'f-b'], needs: 1 });
const quiet = { 'f-a/dead': false, 'f-b/dead': false, 'f-c/dead': false, 'car-1/fault': false };

describe('a car that one of two feeders is enough for', () => {
  let bed: FeederBed;
  const open = async (): Promise<void> => {
    bed = await FeederBed.open(oneOfTwo);
    await bed.tell(quiet);
    await bed.upTo(10);
  };
  afterEach(() => bed.close());

  test('is not hidden when one is lost: it is told as soon as the other is known to be well', async () => {
    await open();
    await bed.tell({ 'f-a/dead': true, 'f-b/dead': false });
    await bed.upTo(40);
    await bed.tell({ 'car-1/fault': true });
    await bed.upTo(44);
    expect(bed.announced).toEqual(['f-a/dead']);
    await bed.tell({ 'f-b/dead': false });
    await bed.upTo(45);
    expect(bed.announced).toEqual(['f-a/dead', 'car-1/fault']);
    expect(await bed.orders()).toEqual(['car-1', 'f-a']);
  });

  test('is suppressed when both are, by the first, without an order; both feeders are told', async () => {
    await open();
    await bed.tell({ 'f-a/dead': true });
    await bed.upTo(40);
    await bed.tell({ 'f-b/dead': true, 'car-1/fault': true });
    await bed.upTo(60);
    expect(bed.alarmOf('car-1/fault')).toMatchObject({ state: 'DSUPR', suppressedBy: [lost('f-a')] });
    expect(bed.announced).toEqual(['f-a/dead', 'f-b/dead']);
    expect(await bed.orders()).toEqual(['f-a', 'f-b']);
  });

  test('stays visible when the second is lost long after its own alarm', async () => {
    await open();
    await bed.tell({ 'f-a/dead': true, 'f-b/dead': false, 'car-1/fault': true });
    await bed.upTo(60);
    await bed.tell({ 'f-b/dead': true });
    await bed.upTo(90);
    expect(bed.alarmOf('car-1/fault').state).toBe('UNACK');
  });

  test('is shown with its order when one has been back for the settling time, though the other is still lost', async () => {
    await open();
    await bed.tell({ 'f-a/dead': true, 'f-b/dead': true, 'car-1/fault': true });
    await bed.upTo(100);
    await bed.tell({ 'f-b/dead': false });
    await bed.upTo(158);
    expect(bed.alarmOf('car-1/fault').state).toBe('DSUPR');
    await bed.upTo(162);
    expect(bed.alarmOf('car-1/fault')).toMatchObject({ state: 'UNACK', suppressedBy: [] });
    expect(bed.alarmOf('f-a/dead').state).toBe('UNACK');
    expect(await bed.orders()).toEqual(['car-1', 'f-a', 'f-b']);
  });

  test('is still explained when one comes back, and is lost again before the settling time is over', async () => {
    await open();
    await bed.tell({ 'f-a/dead': true, 'f-b/dead': true, 'car-1/fault': true });
    await bed.upTo(100);
    await bed.engine.command(({ work }) => {
      const [entry] = bed.engine.book.of('hq/f-b/dead');
      if (entry !== undefined) work.apply(entry, { type: 'acknowledge', user: 'li', comment: null });
      return Promise.resolve();
    });
    await bed.tell({ 'f-b/dead': false });
    await bed.upTo(155);
    expect(bed.alarmOf('f-b/dead').state).toBe('NORM');
    await bed.tell({ 'f-b/dead': true });
    await bed.upTo(300);
    expect(bed.alarmOf('car-1/fault').state).toBe('DSUPR');
  });

  test('a feeder that is out of service is no cause', async () => {
    await open();
    await bed.tell({ 'f-a/dead': true, 'f-b/dead': true });
    await bed.upTo(30);
    await bed.engine.command(({ work }) => {
      const [entry] = bed.engine.book.of('hq/f-b/dead');
      const removal = { user: 'li', approver: 'chen', workOrder: 'WO-1', reviewMs: work.nowMs + 1e9, reason: 'mended' };
      if (entry !== undefined) work.apply(entry, { type: 'out-of-service', ...removal });
      return Promise.resolve();
    });
    await bed.tell({ 'car-1/fault': true });
    await bed.upTo(40);
    expect(bed.alarmOf('car-1/fault').state).toBe('UNACK');
  });
});

const all = ['f-a', 'f-b', 'f-c'];
const needs = fc.integer({ min: 1, max: 2 });
const gone = fc.subarray(all);

async function play({
  needs,
  steps,
  restarts = [],
}: {
  needs: number;
  steps: readonly string[];
  restarts?: readonly number[];
}): Promise<{ state: string; by: readonly string[]; story: string[] }> {
  const bed = await FeederBed.open(fed({ oneOf: all, needs }));
  await bed.tell(quiet);
  await bed.upTo(10);
  const values: Record<string, boolean> = { ...quiet };
  // All within the time that an alarm waits for its cause, and then another look at every point.
  for (const [i, point] of steps.entries()) {
    values[point] = true;
    await bed.tell({ [point]: true });
    await bed.upTo(12 + 4 * i);
    if (restarts.includes(i)) {
      await bed.restart();
      await bed.connect();
      await bed.tell(values);
    }
    await bed.upTo(14 + 4 * i);
  }
  await bed.upTo(28);
  await bed.tell(values);
  await bed.upTo(80);
  const { state, suppressedBy } = bed.alarmOf('car-1/fault');
  const story = await bed.story('car-1/fault');
  await bed.close();
  return { state, by: suppressedBy, story };
}

test('in whatever order it is told within the wait, too many lost feeders hide a car and fewer do not', async () => {
  await fc.assert(
    fc.asyncProperty(needs, gone, fc.nat({ max: 3 }), async (n, lostOnes, at) => {
      const steps = lostOnes.map((feeder) => `${feeder}/dead`);
      steps.splice(at, 0, 'car-1/fault');
      const { state } = await play({ needs: n, steps });
      expect(state).toBe(all.length - lostOnes.length < n ? 'DSUPR' : 'UNACK');
    }),
    { numRuns: 40 },
  );
});

test('a restart at any moment changes neither what is hidden nor by what', async () => {
  await fc.assert(
    fc.asyncProperty(needs, gone, fc.subarray([0, 1, 2, 3]), async (n, lostOnes, restarts) => {
      const steps = [...lostOnes.map((feeder) => `${feeder}/dead`), 'car-1/fault'];
      const [plain, restarted] = [await play({ needs: n, steps }), await play({ needs: n, steps, restarts })];
      expect({ state: restarted.state, by: restarted.by }).toEqual({ state: plain.state, by: plain.by });
      expect(restarted.story.at(-1)).toBe(plain.story.at(-1));
    }),
    { numRuns: 25 },
  );
});

test('what hangs on alternatives is hidden only while too few of them are left, or were within the settling time', async () => {
  const told = fc.record({
    afterS: fc.integer({ min: 0, max: 40 }),
    point: fc.constantFrom(...all.map((feeder) => `${feeder}/dead`), 'car-1/fault', 'car-1/trapped'),
    value: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(needs, fc.array(told, { maxLength: 16 }), async (n, events) => {
      const bed = await FeederBed.open(fed({ oneOf: all, needs: n }));
      const look = (): void => {
        const nowMs = bed.clock.nowMs();
        const left = all.filter((feeder) => {
          const { flags, returnedMs } = bed.alarmOf(`${feeder}/dead`);
          return !flags.active && (returnedMs === null || nowMs > returnedMs + 62_000);
        });
        const { alarm, state } = bed.engine.book.of('hq/car-1/fault')[0] ?? {};
        if (alarm?.flags.suppressed && state?.holds) expect(left.length).toBeLessThan(n);
        expect(bed.alarmOf('car-1/trapped').suppressedBy).toEqual([]);
      };
      await bed.tell({ ...quiet, 'car-1/trapped': false });
      let s = 1;
      for (const { afterS, point, value } of events) {
        for (const endS = s + afterS; s < endS; s++) {
          await bed.upTo(s);
          look();
        }
        await bed.tell({ [point]: value });
        look();
      }
      for (const endS = s + 120; s < endS; s++) {
        await bed.upTo(s);
        look();
      }
      await bed.close();
    }),
    { numRuns: 30 },
  );
});
