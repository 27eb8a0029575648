import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { entryFor } from './entries.ts';
import type { FoundDevice } from './merge-devices.ts';
import { renderDiscovery } from './render.ts';
import type { Suggestion } from './suggest.ts';

const device = (name: string, rest: Partial<FoundDevice> = {}): FoundDevice => ({
  key: 'zigbee 0x00158d0001d8e1f2',
  name,
  sources: ['zigbee2mqtt'],
  vendor: 'Aqara',
  models: ['SJCGQ11LM'],
  parameters: {},
  topics: new Set(),
  values: [],
  messages: [],
  live: true,
  needsNone: undefined,
  ...rest,
});

const suggestion = (serves: Suggestion['profile']['serves'], name = 'floor'): Suggestion => ({
  profile: {
    profile: 'zigbee2mqtt/sjcgq11lm',
    vendor: 'Aqara',
    model: 'SJCGQ11LM',
    sources: ['test'],
    certainty: 'B',
    serves,
    silence: { after: '3h' },
    protocol: 'mqtt',
    mqtt: { topic: '{base}/{friendly-name}' },
    points: [],
  },
  parameters: { 'friendly-name': name },
  byModel: true,
  evidence: [],
  fitting: 0,
});

describe('ids of entries', () => {
  test.each([
    ['pump-room/floor', 'pump-room-floor'],
    ['Küche Süd', 'kuche-sud'],
    ['3号楼水泵房', 'zigbee-0x00158d0001d8e1f2'],
    ['///', 'zigbee-0x00158d0001d8e1f2'],
    ['x'.repeat(80), 'x'.repeat(40)],
  ])('%s becomes %s', (name, id) => {
    const taken = new Set<string>();
    const entry = entryFor(device(name), suggestion({ sensor: { class: 'leak-detector' } }), {
      connection: 'z',
      taken,
    });
    expect(entry).toMatchObject({ id, serves: { sensor: id } });
  });

  test('one that is taken gets a number, several roles an equipment each', () => {
    const taken = new Set(['floor', 'floor-2']);
    const roles = { door: { class: 'door-sensor' }, zone: { class: 'hvac-zone', many: true } };
    expect(entryFor(device('floor'), suggestion(roles), { connection: 'z', taken })).toMatchObject({
      id: 'floor-3',
      serves: { door: 'floor-3-door', zone: [{ equipment: 'floor-3-zone' }] },
    });
  });
});

test('the print-out is YAML whatever a device calls itself', () => {
  const evil = 'floor\n- { id: x }: #\u001b[31m "é';
  const best = suggestion({ sensor: { class: 'leak-detector' } }, evil);
  const entry = entryFor(device(evil), best, { connection: 'zigbee', taken: new Set() });
  const text = renderDiscovery({
    url: 'mqtt://broker',
    seconds: 15,
    messages: 3,
    mapped: [{ device: device(evil), entry, suggestions: [best] }],
    configured: [{ device: device('a\nb'), id: 'a' }],
    unmapped: [{ device: device('c\r\nd: e'), reason: 'no\nreason' }],
    faults: [{ topic: 'x\ny', why: 'is not\nJSON' }],
    unkept: 2,
    connection: { id: 'zigbee', protocol: 'mqtt', url: 'mqtt://broker' },
  });
  expect(parse(text)).toEqual({
    connections: [{ id: 'zigbee', protocol: 'mqtt', url: 'mqtt://broker' }],
    devices: [entry],
  });
});
