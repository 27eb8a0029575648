import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { byteOrders, type RawType } from '../address-schema.ts';
import type { ClassPoint } from '../class-schema.ts';
import { compileBindings } from '../decode/compile-bindings.ts';
import { decodeModbus } from '../decode/decode-modbus.ts';
import { loadCatalog } from '../load-catalog.ts';
import type { ModbusPoint, ModbusProfile, MqttPoint } from '../profile-schema.ts';
import { lifeSafetyClasses } from '../write-path.ts';
import { encodeModbusWrite } from './encode-modbus.ts';
import { encodeMqttWrite } from './encode-mqtt.ts';
import { rawLimits } from './raw-writer.ts';

const number = { kind: 'number', unit: 'none' } as const;

function writer(
  extra: Partial<ModbusPoint>,
  type: RawType = 'u16',
  canonical: Pick<ClassPoint, 'kind' | 'unit'> = number,
) {
  const write = { min: -1e9, max: 1e9, settleMs: 0, ...extra.write };
  const point: ModbusPoint = { point: 'p', at: { table: 'holding', address: 7, type }, ...extra, write };
  const compiled = encodeModbusWrite(point, { canonical, order: 'ABCD', address: 7 });
  if (!compiled) throw new Error('not writable');
  return compiled;
}

describe('what was encoded decodes to what was asked for', () => {
  const whole: RawType[] = ['u16', 's16', 'u32', 's32', 'u64', 's64'];
  it.each([...whole, 'f32', 'f64'] as RawType[])('%s in every order and scale', (type) => {
    const [low, high] = rawLimits(type).map((n) => Math.max(-(2 ** 52), Math.min(2 ** 52, n))) as [number, number];
    fc.assert(
      fc.property(
        fc.constantFrom(...byteOrders),
        fc.constantFrom(1, 0.1, 0.01, 0.001, 10, 0.5),
        fc.constantFrom(0, -50, 12.5),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (order, scale, offset, share) => {
          const raw = Math.round(low + share * (high - low));
          const value = raw * scale + offset;
          const point: ModbusPoint = {
            point: 'p',
            scale,
            offset,
            at: { table: 'holding', address: 7, type, order },
            write: { min: -1e18, max: 1e18, settleMs: 0 },
          };
          const write = encodeModbusWrite(point, { canonical: number, order: 'ABCD', address: 7 });
          const encoded = write?.encode(value);
          // Rounding of value itself may step over the type's last code.
          if (!encoded || 'refused' in encoded) return Math.abs(raw - low) <= 2 || Math.abs(raw - high) <= 2;
          if (encoded.request.protocol !== 'modbus') return false;
          const decode = decodeModbus(point, { ...number, order: 'ABCD', entries: [0] });
          const back = decode(encoded.request.words).value;
          return (
            (write?.agrees(value, back) ?? false) &&
            Math.abs((back as number) - value) <= Math.max(scale, Math.abs(value) * 1e-6)
          );
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('a request', () => {
  it.each<[string, Partial<ModbusPoint>, RawType, number, object]>([
    ['24.5 in tenths', { scale: 0.1 }, 'u16', 24.5, { address: 7, words: [0x00f5], single: true }],
    ['-12.3 in tenths', { scale: 0.1 }, 's16', -12.3, { address: 7, words: [0xff85], single: true }],
    ['1 m in mm', { unit: 'mm' }, 'u16', 1, { address: 7, words: [1000], single: true }],
    [
      'two registers',
      { at: { table: 'holding', address: 7, type: 'u32', order: 'CDAB' } },
      'u32',
      0x01020304,
      { address: 7, words: [0x0304, 0x0102], single: false },
    ],
    ['12.5 as float', {}, 'f32', 12.5, { address: 7, words: [0x4148, 0], single: false }],
    [
      'function 16 for one register',
      { write: { function: 'multiple', settleMs: 0 } },
      'u16',
      9,
      { address: 7, words: [9], single: false },
    ],
  ])('%s', (_name, extra, type, value, request) => {
    const canonical = extra.unit === 'mm' ? ({ kind: 'number', unit: 'm' } as const) : number;
    expect(writer(extra, type, canonical).encode(value)).toEqual({
      request: { protocol: 'modbus', table: 'holding', ...request },
    });
  });

  it('is refused in words that name the value and what is allowed', () => {
    const limited = writer({ write: { min: 16, max: 30, settleMs: 0 } }, 'u16', { kind: 'number', unit: 'degC' });
    for (const value of [30.1, 15.9, Number.NaN, Infinity, null, true, '20'])
      expect(limited.encode(value)).toEqual({ refused: expect.stringMatching(/allowed: numbers from 16 to 30 °C$/) });
    expect(limited.encode(31)).toEqual({ refused: '31 cannot be written; allowed: numbers from 16 to 30 °C' });
    expect(writer({}).encode(65536)).toEqual({ refused: expect.stringContaining('fits into u16, 0 to 65535') });
    expect(writer({ absent: ['0xFFFF'] }).encode(65535)).toEqual({ refused: expect.stringContaining('not available') });
  });

  it('takes the lowest raw code of several, and only codes that are allowed', () => {
    const mode = writer({ map: { '9': 1, '1': 1, '3': 2 }, write: { codes: [1], settleMs: 0 } }, 'u16', {
      kind: 'enum',
      unit: 'none',
    });
    expect(mode.encode(1)).toMatchObject({ request: { words: [1] } });
    expect(mode.encode(2)).toEqual({ refused: '2 cannot be written; allowed: 1' });
    expect(mode.agrees(1, 1)).toBe(true);
    expect(mode.agrees(1, 2)).toBe(false);
  });

  it('agrees as finely as the device holds the value', () => {
    const tenths = writer({ scale: 0.1 });
    expect(tenths.agrees(21.04, 21)).toBe(true);
    expect(tenths.agrees(21.04, 21.1)).toBe(false);
    expect(tenths.agrees(21, null)).toBe(false);
  });
});

describe('MQTT', () => {
  const point = (extra: Partial<MqttPoint>): MqttPoint => ({
    point: 'p',
    at: { path: 'state', type: 'boolean' },
    ...extra,
  });
  it('fills value and parameters, and leaves the payload’s own braces', () => {
    const on = point({
      at: { path: 'state', type: 'boolean', true: 'ON', false: 'OFF' },
      write: { topic: 'zigbee2mqtt/{name}/set', payload: '{"state": "{value}", "by": "{name}"}', settleMs: 1 },
    });
    const write = encodeMqttWrite(on, {
      canonical: { kind: 'boolean', unit: 'none' },
      parameters: { name: 'hall/plug' },
    });
    expect(write?.encode(true)).toEqual({
      request: { protocol: 'mqtt', topic: 'zigbee2mqtt/hall/plug/set', payload: '{"state": "ON", "by": "hall/plug"}' },
    });
    expect(write?.encode(1)).toEqual({ refused: '1 cannot be written; allowed: false, true' });
  });

  it('prints numbers without the rounding of a double', () => {
    const level = point({
      at: { path: 't', type: 'number' },
      scale: 0.1,
      write: { min: 0, max: 1, topic: 'a', payload: '{value}', settleMs: 0 },
    });
    const write = encodeMqttWrite(level, { canonical: number, parameters: {} });
    expect(write?.encode(0.3)).toEqual({ request: { protocol: 'mqtt', topic: 'a', payload: '3' } });
    expect(write?.agrees(0.3, 0.30000000001)).toBe(true);
  });
});

describe('nothing of a read-only class is ever written', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'writes-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const put = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const profile = (serves: string, points: string) => `profile: own/x
vendor: Own
model: X
sources: [own list]
certainty: B
protocol: modbus
serves: ${serves}
modbus: {}
poll: { fast: 1s, normal: 5s, slow: 60s }
silence: { polls: 3 }
points:
${points}
`;
  const { catalog } = loadCatalog();
  const forbidden = [...catalog.classes.values()].filter((c) => c.system === 'fire' || c.system === 'elevators');

  it('all classes of fire and elevators say that they are read-only', () => {
    expect(forbidden.map((c) => c.class).sort()).toEqual([...lifeSafetyClasses].sort());
    expect(forbidden.filter((c) => c.readOnly !== true)).toEqual([]);
  });

  it('a profile of one’s own is refused, also as one role of a mixed device', () => {
    for (const found of forbidden) {
      const point = Object.entries(found.points).find(([, { kind }]) => kind === 'boolean')?.[0] ?? '';
      const text = profile(
        `{ box: { class: actuator }, safe: { class: ${found.class} } }`,
        `  - { role: box, point: setpoint, at: { table: holding, address: 0, type: u16 }, write: { min: 0, max: 100, settleMs: 0 } }
  - { role: safe, point: ${point}, at: { table: coil, address: 0, type: bool }, write: { settleMs: 0 } }`,
      );
      put(`profiles/own/${found.class}.yaml`, text.replace('own/x', `own/${found.class}`));
    }
    const loaded = loadCatalog({ folders: [folder] });
    expect([...loaded.catalog.profiles.keys()].filter((id) => id.startsWith('own/'))).toEqual([]);
    expect(loaded.problems).toHaveLength(forbidden.length);
    for (const { path, message } of loaded.problems) {
      expect(path).toBe('/points/1/write');
      expect(message).toContain('may ever be written');
    }
  });

  it.each(forbidden.map((c) => c.class))(
    '%s: no write is compiled even from a catalogue that was never checked',
    (id) => {
      const points = Object.entries(catalog.classes.get(id)!.points);
      const own: ModbusProfile = {
        ...(catalog.profiles.get('belimo/actuator') as ModbusProfile),
        serves: { box: { class: 'actuator' }, safe: { class: id } },
        points: [
          {
            role: 'box',
            point: 'setpoint',
            at: { table: 'holding', address: 900, type: 'u16' },
            write: { min: 0, max: 100, settleMs: 0 },
          },
          ...points.map(([point], i) => ({
            role: 'safe',
            point,
            at: { table: 'holding', address: i, type: 'u16' } as const,
            write: { min: 0, max: 1, settleMs: 0 },
          })),
        ],
      };
      // A class whose readOnly was forgotten is no way around it, nor one that is said to belong to something harmless.
      for (const other of [{ readOnly: true }, { readOnly: false }, { readOnly: false, system: 'hvac' }] as const) {
        const classes = new Map(catalog.classes).set(id, { ...catalog.classes.get(id)!, ...other });
        const { bindings } = compileBindings({
          catalog: { ...catalog, classes },
          profile: own,
          serves: [
            { role: 'box', equipment: 'a' },
            { role: 'safe', equipment: 'b' },
          ],
        });
        expect(bindings.filter((b) => b.write).map((b) => b.equipment)).toEqual(['a']);
        expect(bindings.length).toBe(points.length + 1);
      }
    },
  );

  it('a class of one’s own of these systems must be read-only', () => {
    put(
      'classes/own-lift.yaml',
      'class: own-lift\nname: { zh: 电梯, en: Lift }\nsystem: elevators\npoints: {}\nalarms: {}\nfailureModes: {}\n',
    );
    const { catalog: loaded, problems } = loadCatalog({ folders: [folder] });
    expect(loaded.classes.has('own-lift')).toBe(false);
    expect(problems).toEqual([expect.objectContaining({ path: '/readOnly' })]);
  });

  const unwritable: [string, string][] = [
    [
      'a bit field',
      '{ point: from-bus, bits: { from: 3, count: 1 }, at: { table: holding, address: 0, type: u16 }, write: { settleMs: 0 } }',
    ],
    [
      'a pattern',
      '{ point: from-bus, match: [{ mask: 1, value: 1 }], at: { table: holding, address: 0, type: u16 }, write: { settleMs: 0 } }',
    ],
    [
      'an input register',
      '{ point: setpoint, at: { table: input, address: 0, type: u16 }, write: { min: 0, max: 100, settleMs: 0 } }',
    ],
    [
      'a number without limits',
      '{ point: setpoint, at: { table: holding, address: 0, type: u16 }, write: { settleMs: 0 } }',
    ],
    [
      'limits outside the class range',
      '{ point: setpoint, at: { table: holding, address: 0, type: u16 }, write: { min: 0, max: 101, settleMs: 0 } }',
    ],
    [
      'limits that do not fit the type',
      '{ point: setpoint, scale: 0.0001, at: { table: holding, address: 0, type: u16 }, write: { min: 0, max: 100, settleMs: 0 } }',
    ],
    [
      'a code that is no state',
      '{ point: override, map: { "0": 0 }, at: { table: holding, address: 0, type: u16 }, write: { codes: [1], settleMs: 0 } }',
    ],
    [
      'one function for two registers',
      '{ point: setpoint, at: { table: holding, address: 0, type: u32 }, write: { min: 0, max: 100, function: single, settleMs: 0 } }',
    ],
  ];
  it('what cannot be written, the check says so', () => {
    for (const [i, [, point]] of unwritable.entries()) {
      const text = profile('{ box: { class: actuator } }', `  - ${point}`);
      put(`profiles/own/x${i}.yaml`, text.replace('own/x', `own/x${i}`));
    }
    const { problems } = loadCatalog({ folders: [folder] });
    for (const [i, [name]] of unwritable.entries()) {
      const paths = problems.filter(({ source }) => source.endsWith(`x${i}.yaml`)).map(({ path }) => path);
      expect(paths, name).toEqual([expect.stringMatching(/^\/points\/0\/write/)]);
    }
  });
});
