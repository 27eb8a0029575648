import type { PositionFlood } from '@plantroom/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SiteOperations } from '../site/site-operations.ts';
import type { Engine } from './engine.ts';
import { FeederBed, feederClasses } from './test-helpers/feeder-bed.ts';
import { watchFloods } from './watch-floods.ts';

const cars = Array.from({ length: 14 }, (_, at) => `c${at}`);
const source = 'hq/positions#flood/control-room';

let bed: FeederBed;
let told: PositionFlood[];

const watch = (engine: Engine): Promise<void> => {
  engine.onEvent((event) => told.push(...event.floods));
  return watchFloods(engine, {
    operations: new SiteOperations([]),
    catalog: { classes: feederClasses() },
    clock: bed.clock,
  });
};
const fail = (names: readonly string[]) => bed.tell(Object.fromEntries(names.map((name) => [`${name}/fault`, true])));
const heal = (names: readonly string[]) => bed.tell(Object.fromEntries(names.map((name) => [`${name}/fault`, false])));
const story = async () =>
  (await bed.journal())
    .filter(({ alarm }) => alarm === source)
    .map(({ action, atMs, details }) => [action, (atMs - bed.startMs) / 1000, details?.flood?.alarms]);

beforeEach(async () => {
  told = [];
  bed = await FeederBed.open(Object.fromEntries(cars.map((name) => [name, []])));
  await watch(bed.engine);
});
afterEach(async () => {
  await bed.close();
});

test('eleven alarms begin a flood with the eleventh, and it ends when six of them are ten minutes old', async () => {
  for (let at = 0; at < 10; at++) {
    await fail([cars[at]!]);
    await bed.upTo((at + 1) * 10);
  }
  expect(await story()).toEqual([]);
  await fail([cars[10]!]);
  await bed.upTo(110);
  // Three seconds after its onset, as the delay of the fault has it.
  expect(await story()).toEqual([['flood-began', 103, 11]]);
  expect(bed.engine.floods.open(bed.clock.nowMs())).toMatchObject([
    {
      site: 'hq',
      position: 'control-room',
      rate: 11,
      peak: 11,
      first: { alarm: 'hq/c0/fault#fault' },
      systems: [{ system: 'power', alarms: 11 }],
    },
  ]);
  // The seventh was annunciated at 63 s.
  await bed.upTo(662);
  expect(bed.engine.floods.open(bed.clock.nowMs())).toHaveLength(1);
  await bed.upTo(665);
  expect(await story()).toEqual([
    ['flood-began', 103, 11],
    ['flood-ended', 663, 11],
  ]);
  expect(bed.engine.floods.isWaiting).toBe(false);
  expect(told.at(-1)).toMatchObject({ endedMs: bed.startMs + 663_000, rate: 4 });
});

test('the rate is told as it falls, second by second, without an entry in the journal', async () => {
  await fail(cars.slice(0, 12));
  await bed.upTo(60);
  await fail(cars.slice(12));
  await heal(cars.slice(0, 6));
  await bed.upTo(590);
  expect(told.at(-1)).toMatchObject({ rate: 14, alarms: 14, endedMs: null });
  const entries = (await bed.journal()).length;
  await bed.upTo(604);
  expect(told.at(-1)?.endedMs).toBe(bed.startMs + 603_000);
  expect((await bed.journal()).length).toBe(entries + 1);
});

test('what another alarm suppresses was told to nobody and makes no flood', async () => {
  await bed.close();
  const edges = { f1: [], ...Object.fromEntries(cars.map((name) => [name, ['f1']])) };
  bed = await FeederBed.open(edges);
  await watch(bed.engine);
  await bed.tell({ 'f1/dead': true });
  await bed.upTo(5);
  await fail(cars);
  await bed.upTo(60);
  expect(await story()).toEqual([]);
});

for (const atS of [48, 104, 400, 700]) {
  test(`a restart after ${atS} s changes nothing`, async () => {
    const run = async (restarts: boolean) => {
      const steps = cars.map((name, at) => ({ atS: at * 10, run: () => fail([name]) }));
      for (const { atS: dueS, run: step } of [...steps, ...(restarts ? [{ atS, run: restart }] : [])].sort(
        (a, b) => a.atS - b.atS,
      )) {
        await bed.upTo(dueS);
        await step();
      }
      await bed.upTo(800);
      return await story();
    };
    const restart = async (): Promise<void> => {
      const before = bed.engine.floods.open(bed.clock.nowMs());
      await bed.restart();
      await watch(bed.engine);
      await bed.connect();
      expect(bed.engine.floods.open(bed.clock.nowMs())).toEqual(before);
    };
    const whole = await run(false);
    await bed.close();
    bed = await FeederBed.open(Object.fromEntries(cars.map((name) => [name, []])));
    await watch(bed.engine);
    expect(await run(true)).toEqual(whole);
    expect(whole).toEqual([
      ['flood-began', 103, 11],
      ['flood-ended', 693, 14],
    ]);
  });
}

test('a server that was down when it was due says so with the time at which it was over', async () => {
  await fail(cars);
  await bed.upTo(10);
  await bed.engine.stop();
  bed.clock.advance(2_000_000);
  await bed.restart();
  await watch(bed.engine);
  await bed.upTo(2_012);
  expect(await story()).toEqual([
    ['flood-began', 3, 11],
    ['flood-ended', 603, 14],
  ]);
});
