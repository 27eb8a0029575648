import { metricProperties } from '@plantroom/contracts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Obedience } from '../drivers/test-helpers/writable-device.ts';
import type { CommandMetric } from '../test-helpers/sparkplug-host.ts';
import { CommandBed, type DeviceCommandOptions } from './test-helpers/command-bed.ts';

const vrf = '  - { id: vrf, profile: lg/pdrycb500, connection: line, unitId: 1, serves: { unit: vrf-1 } }';
const settings = 'commands: { verify: 2s }';

let bed: CommandBed;
let last = 0;
const nextId = (): string => `c${++last}`;

async function open(): Promise<void> {
  bed = await CommandBed.open();
  // 24.0 °C, auto fan at its middle step, 23.5 °C in the room.
  for (const [register, word] of Object.entries({ h1: 240, h14: 2, i2: 235 })) bed.device.held.set(register, word);
  await bed.startGateway(bed.load(vrf, settings));
  await bed.born(['vrf']);
}

/** Sets the set point by name. */
const set = (value: number, id: string, options?: DeviceCommandOptions): Promise<void> =>
  bed.command('vrf', { name: 'vrf-1/setpoint', type: 'Double', value, id }, options);
const told = (id: string): string[] => bed.outcomes(id).map(({ state }) => state);
const written = (): [number, number, number[]][] =>
  bed.device.writes().map(({ code, address, words }) => [code, address, words]);

describe('a DCMD to a point that may be written', () => {
  beforeAll(open);
  afterAll(() => bed.close());
  beforeEach(() => {
    bed.device.seen.length = 0;
    bed.device.obedience = 'obey';
  });

  test('the birth says which points may be set and to what', () => {
    const birth = bed.host.messages.findLast(({ type }) => type === 'DBIRTH');
    const range = (name: string) => {
      const properties = birth?.metrics.find((metric) => metric.name === name)?.properties ?? {};
      const { writable, writeMin, writeMax } = metricProperties;
      return [properties[writable], properties[writeMin], properties[writeMax]];
    };
    expect(range('vrf-1/setpoint')).toEqual([true, 16, 30]);
    expect(range('vrf-1/running')).toEqual([true, undefined, undefined]);
    expect(range('vrf-1/room-temperature')).toEqual([undefined, undefined, undefined]);
  });

  test.each<[string, string, CommandMetric['type'], number | boolean, [number, number, number[]], boolean]>([
    ['a number by name', 'setpoint', 'Double', 21.5, [6, 1, [215]], false],
    ['a number by alias', 'setpoint', 'Float', 22, [6, 1, [220]], true],
    ['a number as an integer of a foreign host', 'setpoint', 'Int64', 23, [6, 1, [230]], false],
    ['a code', 'mode', 'Int32', 1, [6, 0, [4]], true],
    ['a truth value', 'running', 'Boolean', true, [5, 0, [1]], false],
  ])('%s is accepted, written once and verified by what is read back', async (_, point, type, value, wire, byAlias) => {
    const id = nextId();
    const name = `vrf-1/${point}`;
    const which = byAlias ? { alias: bed.alias('vrf', name) } : { name };
    await bed.command('vrf', { ...which, type, value, id, point: `hq/${name}` });
    expect(await bed.end(id)).toMatchObject({ state: 'verified', readBack: value, reason: null, point: `hq/${name}` });
    expect(told(id)).toEqual(['accepted', 'verified']);
    expect(bed.outcomes(id)[0]?.withinMs).toBe(7000);
    expect(written()).toEqual([wire]);
  });

  const double = { type: 'Double', value: 21 } as const;
  test.each<[string, CommandMetric, string, (DeviceCommandOptions & { device?: string })?]>([
    ['a value above what the profile allows', { ...double, name: 'vrf-1/setpoint', value: 30.5 }, 'not-allowed'],
    ['a value below it', { ...double, name: 'vrf-1/setpoint', value: -3 }, 'not-allowed'],
    ['a code that the device does not know', { name: 'vrf-1/mode', type: 'Int32', value: 9 }, 'not-allowed'],
    ['a point that is only read', { ...double, name: 'vrf-1/room-temperature' }, 'not-writable'],
    ['a name that is not here', { ...double, name: 'vrf-1/brightness' }, 'unknown-point'],
    ['an alias that is not here', { ...double, alias: 4711 }, 'unknown-point'],
    ['a device that is not here', { ...double, name: 'vrf-1/setpoint' }, 'unknown-point', { device: 'other' }],
    ['another point than the host means', { ...double, name: 'vrf-1/setpoint', point: 'hq/x/y' }, 'unknown-point'],
    ['a text for a number', { name: 'vrf-1/setpoint', type: 'String', value: '21' }, 'wrong-type'],
    ['a truth value for a number', { name: 'vrf-1/setpoint', type: 'Boolean', value: true }, 'wrong-type'],
    ['a number for a truth value', { name: 'vrf-1/running', type: 'Int32', value: 1 }, 'wrong-type'],
    ['a broken number for a code', { name: 'vrf-1/mode', type: 'Double', value: 1.5 }, 'wrong-type'],
    ['no number', { name: 'vrf-1/setpoint', type: 'Double', value: Number.NaN }, 'wrong-type'],
    ['no value', { name: 'vrf-1/setpoint', type: 'Double', value: null }, 'wrong-type'],
    ['a command without a time', { ...double, name: 'vrf-1/setpoint' }, 'stale', { sentMs: null }],
    ['an old command', { ...double, name: 'vrf-1/setpoint' }, 'stale', { sentMs: Date.UTC(2020, 0, 1) }],
    ['a command from the future', { ...double, name: 'vrf-1/setpoint' }, 'stale', { sentMs: Date.UTC(2100, 0, 1) }],
  ])('%s is refused in words, and the device hears nothing', async (_, metric, reason, options = {}) => {
    const id = nextId();
    const { device = 'vrf', ...sending } = options;
    await bed.command(device, { ...metric, id }, sending);
    expect(await bed.end(id)).toMatchObject({ state: 'refused', reason, message: expect.stringMatching(/\w/) });
    expect(told(id)).toEqual(['refused']);
    expect(written()).toEqual([]);
  });

  test('the same command again, under way or ended, is no second write and is told the same end', async () => {
    const id = nextId();
    await set(19, id);
    await set(19, id);
    await bed.soon(() => told(id).includes('accepted'), 'accepted');
    await set(19, id);
    await bed.end(id);
    await set(19, id);
    await bed.soon(() => told(id).length === 3, 'told again');
    expect(told(id)).toEqual(['accepted', 'verified', 'verified']);
    expect(written()).toEqual([[6, 1, [190]]]);
  });

  test('a host without ids is known by its time: the same metric with the same time is the same command', async () => {
    const sentMs = bed.clock.nowMs();
    const metric: CommandMetric = { name: 'vrf-1/setpoint', type: 'Double', value: 18 };
    for (let i = 0; i < 2; i++) await bed.command('vrf', metric, { sentMs });
    expect(await bed.end(`vrf/vrf-1/setpoint@${sentMs}`)).toMatchObject({ state: 'verified', readBack: 18 });
    expect(written()).toEqual([[6, 1, [180]]]);
  });

  test('a second command for a point that is being set is refused, another point is not', async () => {
    const [first, second, other] = [nextId(), nextId(), nextId()];
    await set(20, first);
    await set(25, second);
    await bed.command('vrf', { name: 'vrf-1/running', type: 'Boolean', value: false, id: other });
    expect(await bed.end(second)).toMatchObject({ state: 'refused', reason: 'busy' });
    expect(await bed.end(first)).toMatchObject({ state: 'verified', readBack: 20 });
    expect(await bed.end(other)).toMatchObject({ state: 'verified', readBack: false });
    expect(written()).toHaveLength(2);
  });

  test.each<[string, Obedience, string, string | null, string[]]>([
    ['refuses the value', 3, 'failed', 'device-refused', ['failed']],
    ['acknowledges and does not obey', 'pretend', 'unverified', 'read-back-differs', ['accepted', 'unverified']],
    ['obeys and does not acknowledge', 'hide', 'verified', null, ['verified']],
    ['is silent to the write', 'silence', 'failed', 'no-answer', ['failed']],
  ])('a device that %s is told as it is, and is written to once', async (_, obedience, state, reason, states) => {
    const id = nextId();
    bed.device.obedience = obedience;
    await set(26 + (obedience === 'hide' ? 1 : 0), id);
    expect(await bed.end(id)).toMatchObject({ state, reason });
    expect(told(id)).toEqual(states);
    expect(written()).toHaveLength(1);
  });

  test('a device that falls silent altogether after the write leaves it open what became of it', async () => {
    const id = nextId();
    await set(28, id);
    await bed.soon(() => told(id).includes('accepted'), 'accepted');
    bed.device.dead = true;
    expect(await bed.end(id)).toMatchObject({ state: 'timed-out', reason: 'no-read-back', readBack: null });
    bed.device.dead = false;
  });

  test('a device that is lost gets nothing: not at once, and not when it is back', async () => {
    const before = bed.host.messages.length;
    await bed.device.stop();
    await bed.until(
      () => bed.host.messages.slice(before).some(({ type }) => type === 'DDEATH'),
      'the death of the device',
    );
    const id = nextId();
    await set(29, id);
    expect(await bed.end(id)).toMatchObject({ state: 'failed', reason: 'no-connection' });
    await bed.device.start();
    await bed.born(['vrf'], before);
    expect(written()).toEqual([]);
    expect(bed.stats()?.commands.running).toBe(0);
  });
});

describe('commands and what comes between', () => {
  beforeEach(open);
  afterEach(() => bed.close());

  test('a gateway that stops tells what is under way before it dies; started again, it obeys neither the same command nor one that was kept', async () => {
    const [id, kept] = [nextId(), nextId()];
    const sentMs = bed.clock.nowMs();
    bed.device.obedience = 'pretend';
    await set(20, id, { sentMs });
    // Obeyed once, as fresh; the broker gives it to every later subscriber.
    await bed.command('vrf', { name: 'vrf-1/mode', type: 'Int32', value: 1, id: kept }, { sentMs, retain: true });
    await bed.soon(() => told(id).includes('accepted') && told(kept).includes('accepted'), 'both accepted');
    await bed.stopGateway();
    await bed.soon(() => bed.host.types().at(-1) === 'NDEATH', 'the death of the node');
    for (const one of [id, kept]) expect(['timed-out', 'unverified']).toContain(told(one).at(-1));
    const writes = written().length;
    bed.device.obedience = 'obey';
    const before = bed.host.messages.length;
    await bed.startGateway(bed.load(vrf, settings));
    await bed.born(['vrf'], before);
    await set(20, id, { sentMs });
    await bed.soon(() => told(id).at(-1) === 'refused', 'refused after the restart');
    expect(bed.outcomes(id).at(-1)).toMatchObject({ reason: 'stale' });
    expect(written()).toHaveLength(writes);
    const fresh = nextId();
    await set(21, fresh);
    expect(await bed.end(fresh)).toMatchObject({ state: 'verified' });
  });

  test('what ends while the host is away is told when it is back', async () => {
    const ids = [nextId(), nextId()];
    await set(20, ids[0]!);
    await bed.command('vrf', { name: 'vrf-1/mode', type: 'Int32', value: 3, id: ids[1]! });
    await bed.soon(() => ids.every((id) => told(id).includes('accepted')), 'both accepted');
    await bed.host.state(false, 2000);
    await bed.soon(() => bed.host.of('NDEATH').length > 0, 'the death of the node');
    expect(ids.flatMap(told)).toEqual(['accepted', 'accepted']);
    await bed.until(() => bed.stats()?.commands.verified === 2, 'the ends');
    expect(ids.flatMap(told)).toEqual(['accepted', 'accepted']);
    await bed.host.state(true, 3000);
    await bed.until(() => ids.every((id) => told(id).includes('verified')), 'both told');
  });

  test('what ends while there is no broker is told when it is back', async () => {
    const ids = [nextId(), nextId()];
    await set(20, ids[0]!);
    await bed.command('vrf', { name: 'vrf-1/mode', type: 'Int32', value: 3, id: ids[1]! });
    await bed.soon(() => ids.every((id) => told(id).includes('accepted')), 'both accepted');
    bed.broker.refuse(true);
    await bed.until(() => bed.stats()?.commands.verified === 2, 'the ends');
    bed.broker.refuse(false);
    await bed.until(() => ids.every((id) => told(id).includes('verified')), 'both told');
  });
});
