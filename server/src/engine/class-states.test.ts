import type { PointValue } from '@plantroom/contracts';
import { afterEach, describe, expect, test } from 'vitest';
import { ClassBed } from './test-helpers/class-bed.ts';

let bed: ClassBed;
afterEach(() => bed.close());

type Values = Record<string, PointValue>;
const after = async (kind: string, values: Values): Promise<void> => {
  const named = Object.fromEntries(Object.entries(values).map(([point, value]) => [`x/${point}`, value]));
  bed = await ClassBed.open({ x: { class: kind } }, named);
  await bed.run(70);
};

describe('what a machine that is off explains is no alarm, and is one when it runs', () => {
  test.each<[kind: string, rule: string, low: Values, off: Values, on: Values]>([
    [
      'ahu',
      'supply-temperature#supply-temperature-low',
      { 'supply-temperature': 4 },
      { 'supply-fan-speed': 0 },
      { 'supply-fan-speed': 900 },
    ],
    [
      'ahu',
      'supply-temperature#supply-temperature-low',
      { 'supply-temperature': 4 },
      { 'supply-fan-output': 0 },
      { 'supply-fan-output': 60 },
    ],
    [
      'ahu',
      'supply-temperature#supply-temperature-low',
      { 'supply-temperature': 4 },
      { 'run-mode': 0 },
      { 'run-mode': 5 },
    ],
    [
      'ahu',
      'supply-temperature#supply-temperature-high',
      { 'supply-temperature': 50 },
      { 'run-mode': 0 },
      { 'run-mode': 5 },
    ],
    [
      'chiller',
      'evaporating-temperature#evaporating-temperature-low',
      { 'evaporating-temperature': 0 },
      { running: false },
      { running: true },
    ],
    [
      'power-meter',
      'power-factor#power-factor-low',
      { 'power-factor': 0.4 },
      { 'current-average': 0 },
      { 'current-average': 40 },
    ],
    [
      'booster-pump-set',
      'discharge-pressure#discharge-pressure-low',
      { 'discharge-pressure': 90 },
      { enabled: false },
      { enabled: true },
    ],
    ['generator', 'frequency#frequency-low', { frequency: 0 }, { running: false }, { running: true }],
    [
      'pump',
      'vibration-velocity-z#vibration-z-high',
      { 'vibration-velocity-z': 5 },
      { running: false },
      { running: true },
    ],
  ])('%s %s %j', async (kind, rule, low, off, on) => {
    await after(kind, { ...low, ...off });
    expect(bed.stateOf(`x/${rule}`)).toBe('NORM');
    await bed.close();
    await after(kind, { ...low, ...on });
    expect(bed.stateOf(`x/${rule}`)).toBe('UNACK');
  });

  test.each<[kind: string, rule: string, values: Values]>([
    ['ahu', 'supply-temperature#supply-temperature-low', { 'supply-temperature': 4 }],
    ['chiller', 'evaporating-temperature#evaporating-temperature-low', { 'evaporating-temperature': 0 }],
    ['power-meter', 'power-factor#power-factor-low', { 'power-factor': 0.4 }],
  ])('%s %s: where nothing tells whether it runs, it counts', async (kind, rule, values) => {
    await after(kind, values);
    expect(bed.stateOf(`x/${rule}`)).toBe('UNACK');
  });

  test('water that is about to freeze, and a coil that does, are told whether the machine runs or not', async () => {
    await after('chiller', { 'evaporator-leaving-temperature': 2, running: false });
    expect(bed.stateOf('x/evaporator-leaving-temperature#leaving-temperature-low')).toBe('UNACK');
    await bed.close();
    await after('ahu', { 'frost-alarm': true, 'supply-fan-speed': 0, 'run-mode': 0 });
    expect(bed.stateOf('x/frost-alarm#frost')).toBe('UNACK');
  });

  test('a generator that comes up to speed has no frequency yet that says anything', async () => {
    bed = await ClassBed.open({ x: { class: 'generator' } }, { 'x/running': false, 'x/frequency': 0 });
    await bed.run(1);
    await bed.run(0.4, { 'x/running': true, 'x/frequency': 31 });
    await bed.run(10, { 'x/frequency': 50 });
    expect(bed.announced).toEqual([]);
  });
});

describe('what stands at the upper meter explains the same below it, and nothing else', () => {
  const plant = {
    incomer: { class: 'power-meter' },
    feeder: { class: 'power-meter', dependsOn: ['incomer'] },
    other: { class: 'power-meter', dependsOn: ['incomer'] },
    elevator: { class: 'elevator', dependsOn: ['feeder'] },
  };
  const volts = (meter: string, ...phases: number[]): Values =>
    Object.fromEntries(phases.map((value, i) => [`${meter}/voltage-l${i + 1}`, value]));
  const healthy = {
    ...volts('incomer', 230, 230, 230),
    ...volts('feeder', 230, 230, 230),
    ...volts('other', 230, 230, 230),
    'elevator/fault-code': 0,
  };

  test('a lost phase explains the same phase and the machines on it; another phase that a feeder has lost is told', async () => {
    bed = await ClassBed.open(plant, healthy);
    await bed.run(1);
    await bed.run(3, {
      ...volts('incomer', 18, 230, 230),
      ...volts('feeder', 18, 230, 230),
      ...volts('other', 18, 16, 230),
      'elevator/fault-code': 12,
    });
    expect(bed.announced.sort()).toEqual(['incomer/voltage-l1#phase-loss-l1', 'other/voltage-l2#phase-loss-l2']);
    expect(bed.stateOf('feeder/voltage-l1#phase-loss-l1')).toBe('DSUPR');
    expect(bed.stateOf('elevator/fault-code#fault')).toBe('DSUPR');
  });

  test('an elevator whose feeder has all phases is not hidden by the phase that the incomer has lost', async () => {
    bed = await ClassBed.open(plant, healthy);
    await bed.run(1);
    await bed.run(3, { ...volts('incomer', 18, 230, 230), 'elevator/fault-code': 12 });
    expect(bed.announced.sort()).toEqual(['elevator/fault-code#fault', 'incomer/voltage-l1#phase-loss-l1']);
  });

  test('overvoltage of one phase of the grid is one alarm; a feeder without its neutral is told by itself', async () => {
    bed = await ClassBed.open(plant, healthy);
    await bed.run(1);
    await bed.run(3, {
      ...volts('incomer', 260, 230, 230),
      ...volts('feeder', 260, 230, 230),
      ...volts('other', 190, 280, 240),
    });
    expect(bed.announced.sort()).toEqual([
      'incomer/voltage-l1#voltage-very-high-l1',
      'other/voltage-l2#voltage-very-high-l2',
    ]);
  });
});

describe('air', () => {
  const warm = { 'zone/temperature': 31, 'zone/co2': 1500, 'zone/occupied': true };
  const plant = {
    'chiller-1': { class: 'chiller' },
    'chiller-2': { class: 'chiller' },
    ahu: { class: 'ahu', dependsOn: [{ oneOf: ['chiller-1', 'chiller-2'], needs: 1 }] },
    zone: { class: 'hvac-zone', dependsOn: ['ahu'] },
  };
  const healthy = {
    'chiller-1/shutdown-alarm': false,
    'chiller-2/shutdown-alarm': false,
    'ahu/supply-fan-alarm': false,
    'zone/temperature': 25,
    'zone/co2': 600,
    'zone/occupied': true,
  };

  test('chillers that have tripped explain a warm zone and not its stale air', async () => {
    bed = await ClassBed.open(plant, healthy);
    await bed.run(40);
    await bed.run(10, { 'chiller-1/shutdown-alarm': true, 'chiller-2/shutdown-alarm': true });
    await bed.run(30, warm);
    expect(bed.stateOf('zone/temperature#temperature-high')).toBe('DSUPR');
    expect(bed.stateOf('zone/co2#co2-high')).toBe('UNACK');
  });

  test('while one of two runs a warm zone is told', async () => {
    bed = await ClassBed.open(plant, healthy);
    await bed.run(40);
    await bed.run(10, { 'chiller-1/shutdown-alarm': true });
    await bed.run(30, warm);
    expect(bed.stateOf('zone/temperature#temperature-high')).toBe('UNACK');
  });

  test('a supply fan that stands explains both, and that it is far too warm is told without an order', async () => {
    bed = await ClassBed.open(plant, healthy);
    await bed.run(40);
    await bed.run(10, { 'ahu/supply-fan-alarm': true });
    await bed.run(30, { ...warm, 'zone/temperature': 36 });
    expect(['temperature#temperature-high', 'co2#co2-high'].map((id) => bed.stateOf(`zone/${id}`))).toEqual([
      'DSUPR',
      'DSUPR',
    ]);
    expect(bed.announced).toContain('zone/temperature#temperature-very-high');
    const { alarm } = bed.engine.book.get('hq/zone/temperature#temperature-very-high') ?? {};
    expect(alarm).toMatchObject({ workOrder: null, orderWaitsFor: 'hq/ahu/supply-fan-alarm#supply-fan' });
  });
});
