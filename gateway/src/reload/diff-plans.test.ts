import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../canonical.ts';
import type { ConnectionConfig, DeviceConfig, GatewayConfig } from '../config/gateway-config.ts';
import type { GatewayPlan } from '../gateway-plan.ts';
import { testDevice } from '../test-helpers/devices.ts';
import { diffPlans, isEmptyDiff, linesOf, type PlanDiff } from './diff-plans.ts';

/** Device id → connection id and what it is made of, in a word. */
type Devices = Record<string, [connection: string, definition: string]>;

function plan(ports: Record<string, number>, devices: Devices, commands?: GatewayConfig['commands']): GatewayPlan {
  return {
    config: {
      gateway: 'edge-1',
      site: 'tower',
      connections: Object.entries(ports).map(
        ([id, port]): ConnectionConfig => ({ id, protocol: 'modbus', transport: 'tcp', host: '10.0.0.1', port }),
      ),
      devices: Object.entries(devices).map(
        ([id, [connection]]): DeviceConfig => ({ id, profile: 'test/device', connection, serves: {} }),
      ),
      uplinks: {},
      outbox: { file: 'outbox.sqlite' },
      ...(commands === undefined ? {} : { commands }),
    },
    devices: Object.keys(devices).map((id) => testDevice(id, [])),
    definitions: new Map(Object.entries(devices).map(([id, [, definition]]) => [id, definition])),
  };
}

const from = plan({ a: 502, b: 503 }, { m1: ['a', 'x'], m2: ['b', 'x'] });
const nothing: PlanDiff = {
  lines: { kept: [], reopened: [], opened: [], closed: [] },
  devices: { kept: [], changed: [], added: [], removed: [] },
  settings: [],
};
const diff = (lines: Partial<PlanDiff['lines']>, devices: Partial<PlanDiff['devices']>): PlanDiff => ({
  lines: { ...nothing.lines, ...lines },
  devices: { ...nothing.devices, ...devices },
  settings: [],
});

describe('the difference of two plans', () => {
  test.each<[string, GatewayPlan, PlanDiff]>([
    [
      'the same file in another order',
      plan({ b: 503, a: 502 }, { m2: ['b', 'x'], m1: ['a', 'x'] }),
      diff({ kept: ['b', 'a'] }, { kept: ['m2', 'm1'] }),
    ],
    [
      'a device more on one line',
      plan({ a: 502, b: 503 }, { m1: ['a', 'x'], m2: ['b', 'x'], m3: ['b', 'x'] }),
      diff({ kept: ['a'], reopened: ['b'] }, { kept: ['m1', 'm2'], added: ['m3'] }),
    ],
    [
      'another profile',
      plan({ a: 502, b: 503 }, { m1: ['a', 'x'], m2: ['b', 'y'] }),
      diff({ kept: ['a'], reopened: ['b'] }, { kept: ['m1'], changed: ['m2'] }),
    ],
    [
      'another address of the connection',
      plan({ a: 502, b: 1503 }, { m1: ['a', 'x'], m2: ['b', 'x'] }),
      diff({ kept: ['a'], reopened: ['b'] }, { kept: ['m1', 'm2'] }),
    ],
    [
      'the last device of a line gone: the line has nothing to do any more',
      plan({ a: 502, b: 503 }, { m1: ['a', 'x'] }),
      diff({ kept: ['a'], closed: ['b'] }, { kept: ['m1'], removed: ['m2'] }),
    ],
    [
      'a new line',
      plan({ a: 502, b: 503, c: 504 }, { m1: ['a', 'x'], m2: ['b', 'x'], m3: ['c', 'x'] }),
      diff({ kept: ['a', 'b'], opened: ['c'] }, { kept: ['m1', 'm2'], added: ['m3'] }),
    ],
    [
      'a device moved to the other line',
      plan({ a: 502, b: 503 }, { m1: ['b', 'x'], m2: ['b', 'x'] }),
      diff({ reopened: ['b'], closed: ['a'] }, { kept: ['m2'], changed: ['m1'] }),
    ],
  ])('%s', (_name, to, expected) => {
    expect(diffPlans(from, to)).toEqual(expected);
  });

  test('settings that touch no line are told by their place in the file', () => {
    const to = plan({ a: 502, b: 503 }, { m1: ['a', 'x'], m2: ['b', 'x'] }, { verify: '5s' });
    expect(diffPlans(from, to)).toMatchObject({ settings: ['/commands/verify'], lines: { reopened: [] } });
    expect(isEmptyDiff(diffPlans(from, to))).toBe(false);
  });

  test('without definitions only the same object is the same device', () => {
    const { definitions: _, ...bare } = from;
    expect(isEmptyDiff(diffPlans(bare, bare))).toBe(true);
    expect(diffPlans(bare, { ...bare, devices: [testDevice('m1', []), bare.devices[1]!] })).toMatchObject({
      lines: { kept: ['b'], reopened: ['a'] },
      devices: { kept: ['m2'], changed: ['m1'] },
    });
  });
});

const ids = fc.constantFrom('a', 'b', 'c', 'd');
const anyPlan = fc
  .record({
    ports: fc.dictionary(ids, fc.constantFrom(502, 503), { minKeys: 1 }),
    devices: fc.dictionary(fc.constantFrom('m1', 'm2', 'm3', 'm4', 'm5'), fc.tuple(ids, fc.constantFrom('x', 'y'))),
  })
  .map(({ ports, devices }) =>
    plan(ports, Object.fromEntries(Object.entries(devices).filter(([, [connection]]) => connection in ports))),
  );

/** What a line is: a change of it must close and open it. */
function running(of: GatewayPlan): Map<string, string> {
  return new Map(
    linesOf(of).map(({ connection, devices }) => [
      connection.id,
      canonicalJson([connection, devices.map(({ id }) => `${id} ${of.definitions?.get(id)}`).sort()]),
    ]),
  );
}

describe('for any two plans', () => {
  test('equal ones differ in nothing', () => {
    fc.assert(
      fc.property(anyPlan, (one) => {
        const again = { ...one, devices: one.devices.map(({ id }) => testDevice(id, [])) };
        expect(isEmptyDiff(diffPlans(one, again))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('closing and opening what the difference says leads from the one to the other, each line and device in one list', () => {
    fc.assert(
      fc.property(anyPlan, anyPlan, (one, other) => {
        const { lines, devices } = diffPlans(one, other);
        const [before, after] = [running(one), running(other)];
        expect([...lines.kept, ...lines.reopened, ...lines.closed].sort()).toEqual([...before.keys()].sort());
        expect([...devices.kept, ...devices.changed, ...devices.removed].sort()).toEqual(
          one.devices.map((d) => d.id).sort(),
        );
        expect([...devices.kept, ...devices.changed, ...devices.added].sort()).toEqual(
          other.devices.map((d) => d.id).sort(),
        );

        const open = new Map(before);
        for (const id of [...lines.closed, ...lines.reopened]) expect(open.delete(id)).toBe(true);
        for (const id of [...lines.opened, ...lines.reopened]) {
          expect(open.has(id)).toBe(false);
          open.set(id, after.get(id)!);
        }
        expect(new Map([...open].sort())).toEqual(new Map([...after].sort()));
        // Nothing is reopened for nothing.
        for (const id of lines.reopened) expect(before.get(id)).not.toBe(after.get(id));
      }),
      { numRuns: 50 },
    );
  });
});
