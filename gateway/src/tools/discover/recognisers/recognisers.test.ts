import { describe, expect, test } from 'vitest';
import type { Finding, Message } from '../message.ts';
import { recognisers } from './registry.ts';
import { templatePath } from './value-template.ts';

const options = { homeAssistant: 'homeassistant' };

/** As the gathering asks them: the first that recognises the message. */
function read(topic: string, payload: unknown): { findings: readonly Finding[] } | { fault: string } | undefined {
  const message: Message = { topic, payload, retained: true };
  for (const recogniser of recognisers) {
    const recognised = recogniser.read(message, options);
    if (recognised !== undefined) return recognised;
  }
  return undefined;
}

function found(topic: string, payload: unknown): readonly Finding[] {
  const recognised = read(topic, payload);
  if (recognised === undefined || 'fault' in recognised) throw new Error(`not found: ${JSON.stringify(recognised)}`);
  return recognised.findings;
}

describe('zigbee2mqtt', () => {
  const leak = {
    ieee_address: '0x00158d0001d8e1f2',
    type: 'EndDevice',
    supported: true,
    friendly_name: 'pump-room/floor',
    disabled: false,
    interview_completed: true,
    definition: {
      model: 'SJCGQ11LM',
      vendor: 'Aqara',
      description: 'Water leak sensor',
      exposes: [
        { type: 'numeric', name: 'battery', property: 'battery', unit: '%' },
        { type: 'binary', name: 'water_leak', property: 'water_leak', value_on: true, value_off: false },
        { type: 'switch', features: [{ type: 'binary', name: 'state', property: 'state_left' }] },
      ],
    },
  };

  test('the list of the bridge tells every device but the coordinator, with what it exposes', () => {
    const list = [{ ieee_address: '0x00124b0014d3c4a1', type: 'Coordinator', friendly_name: 'Coordinator' }, leak];
    expect(found('zigbee2mqtt/bridge/devices', list)).toEqual([
      {
        key: 'zigbee 0x00158d0001d8e1f2',
        source: 'zigbee2mqtt',
        name: 'pump-room/floor',
        vendor: 'Aqara',
        model: 'SJCGQ11LM',
        parameters: { 'friendly-name': 'pump-room/floor', base: 'zigbee2mqtt' },
        topics: ['zigbee2mqtt/pump-room/floor', 'zigbee2mqtt/pump-room/floor/availability', 'zigbee2mqtt/bridge/state'],
        values: [
          { topic: 'zigbee2mqtt/pump-room/floor', path: 'battery', unit: '%' },
          { topic: 'zigbee2mqtt/pump-room/floor', path: 'water_leak' },
          { topic: 'zigbee2mqtt/pump-room/floor', path: 'state_left' },
        ],
      },
    ]);
  });

  test.each([
    [{ disabled: true }, 'it is disabled in zigbee2mqtt'],
    [{ interview_completed: false }, 'zigbee2mqtt has not finished its interview: wake it up and try again'],
  ])('%j needs no entry', (change, why) => {
    expect(found('zb/tower/bridge/devices', [{ ...leak, ...change }])[0]?.needsNone).toBe(why);
  });

  test('a device without definition is named by its address; nonsense in the list is left out', () => {
    const list = [null, 3, { friendly_name: 'x' }, { ieee_address: '0x1', definition: null, model_id: 'TS0201' }];
    expect(found('zigbee2mqtt/bridge/devices', list)).toMatchObject([{ name: '0x1', model: 'TS0201', values: [] }]);
  });

  test('what is no list is a fault, an empty payload is a list withdrawn', () => {
    expect(read('zigbee2mqtt/bridge/devices', { devices: [] })).toEqual({ fault: 'is not a list of devices' });
    expect(read('zigbee2mqtt/bridge/devices', '')).toEqual({ findings: [] });
  });
});

describe('Home Assistant discovery', () => {
  test('one entity in full words', () => {
    expect(
      found('homeassistant/sensor/boiler/flow_temperature/config', {
        name: 'Flow temperature',
        unique_id: 'boiler_flow',
        state_topic: 'boiler/state',
        value_template: '{{ value_json.flow.temperature | float }}',
        unit_of_measurement: '°C',
        device_class: 'temperature',
        availability: [{ topic: 'boiler/online' }],
        device: { identifiers: ['boiler-1'], name: 'Boiler', manufacturer: 'Acme', model: 'B200' },
      }),
    ).toEqual([
      {
        key: 'home-assistant boiler-1',
        source: 'Home Assistant discovery',
        name: 'Boiler',
        vendor: 'Acme',
        model: 'B200',
        topics: ['boiler/state', 'boiler/online'],
        values: [{ topic: 'boiler/state', path: 'flow.temperature', unit: '°C' }],
        alias: [],
      },
    ]);
  });

  test('abbreviations and the base topic mean the same', () => {
    expect(
      found('homeassistant/sensor/boiler_flow/config', {
        '~': 'boiler',
        stat_t: '~/state',
        val_tpl: "{{ value_json['flow']['temperature'] }}",
        unit_of_meas: '°C',
        avty: [{ t: '~/online' }],
        dev: { ids: 'boiler-1', name: 'Boiler', mf: 'Acme', mdl: 'B200' },
      }),
    ).toMatchObject([
      {
        key: 'home-assistant boiler-1',
        model: 'B200',
        topics: ['boiler/state', 'boiler/online'],
        values: [{ topic: 'boiler/state', path: 'flow.temperature', unit: '°C' }],
      },
    ]);
  });

  test('a base topic at the end', () => {
    const config = { '~': 'boiler', stat_t: 'stat/~', dev: { ids: ['b'] } };
    expect(found('homeassistant/sensor/b/config', config)[0]?.topics).toEqual(['stat/boiler']);
  });

  test('a whole device: components share what the device says, and one that is withdrawn is left out', () => {
    expect(
      found('homeassistant/device/boiler/config', {
        dev: { ids: ['boiler-1'], name: 'Boiler', mdl: 'B200', mdl_id: 'B200-EU' },
        o: { name: 'bridge' },
        state_topic: 'boiler/state',
        cmps: {
          flow: { p: 'sensor', unique_id: 'flow', val_tpl: '{{ value_json.flow }}' },
          alarm: { p: 'binary_sensor', unique_id: 'alarm', stat_t: 'boiler/alarm' },
          old: { p: 'sensor' },
        },
      }),
    ).toMatchObject([
      {
        key: 'home-assistant boiler-1',
        model: 'B200 B200-EU',
        values: [
          { topic: 'boiler/state', path: 'flow' },
          { topic: 'boiler/alarm', path: '' },
        ],
      },
    ]);
  });

  test('what zigbee2mqtt announces here is known by the address of the device', () => {
    const device = { identifiers: ['zigbee2mqtt_0x00158d0001d8e1f2'], name: 'floor' };
    expect(found('homeassistant/sensor/0x00158d0001d8e1f2/battery/config', { device })[0]?.alias).toEqual([
      'zigbee 0x00158d0001d8e1f2',
    ]);
  });

  test('withdrawn, handed over, and not JSON', () => {
    expect(read('homeassistant/sensor/a/config', '')).toEqual({ findings: [] });
    expect(read('homeassistant/sensor/a/config', { migrate_discovery: true })).toEqual({ findings: [] });
    expect(read('homeassistant/sensor/a/config', '{"name":')).toEqual({ fault: 'is not a JSON object' });
    expect(read('homeassistant/device/a/config', { dev: {} })).toEqual({ fault: 'is a device without components' });
  });

  test.each([
    ['{{ value_json.temperature }}', 'temperature'],
    ['{{value_json["ENERGY"].Power|float(0)}}', 'ENERGY.Power'],
    ["{{ value_json['em:0'].a_voltage }}", 'em:0.a_voltage'],
    ['{{ value_json.phases[2].current }}', 'phases.2.current'],
    ['{{ value }}', ''],
    ['{{ value | float }}', ''],
    [undefined, ''],
    ['{{ value_json.temperature * 1.8 + 32 }}', undefined],
    ['{{ "ON" if value_json.state else "OFF" }}', undefined],
    ['{% if value_json.x %}1{% endif %}', undefined],
    ['{{ value_json }}', undefined],
  ])('template %s picks the path %j', (template, path) => {
    expect(templatePath(template)).toBe(path);
  });
});

describe('Shelly', () => {
  test('the announcement of the first generation', () => {
    const payload = {
      id: 'shellyem3-A4CF12F45D5E',
      model: 'SHEM-3',
      mac: 'A4CF12F45D5E',
      ip: '192.168.8.100',
      new_fw: false,
      fw_ver: '20220415-105853/v1.11.7',
    };
    expect(found('shellies/announce', payload)).toEqual([
      {
        key: 'shelly shellyem3-A4CF12F45D5E',
        source: 'Shelly',
        name: 'shellyem3-A4CF12F45D5E',
        vendor: 'Shelly',
        model: 'SHEM-3',
        parameters: { id: 'shellyem3-A4CF12F45D5E' },
        topics: ['shellies/shellyem3-A4CF12F45D5E/online'],
      },
    ]);
    expect(read('shellies/announce', { mac: 'A4' })).toEqual({ fault: 'is no announcement: it has no id' });
  });

  test('a value alone names the device', () => {
    expect(found('shellies/shellyem3-A4CF12F45D5E/emeter/0/power', 812.5)).toMatchObject([
      { key: 'shelly shellyem3-A4CF12F45D5E', model: 'shellyem3', telling: true },
    ]);
    expect(found('shellies/plant/meter/online', true)).toMatchObject([{ key: 'shelly plant/meter', telling: false }]);
  });

  test('a notification of the second generation, also under a prefix of the site', () => {
    const payload = { src: 'shellypro3em-08f9e0e5c790', dst: 'x/events', method: 'NotifyStatus', params: { ts: 1 } };
    expect(found('shellypro3em-08f9e0e5c790/events/rpc', payload)).toMatchObject([
      { key: 'shelly-gen2 shellypro3em-08f9e0e5c790', model: 'shellypro3em', telling: true },
    ]);
    expect(found('shellies/incomer/events/rpc', payload)).toMatchObject([
      { key: 'shelly-gen2 shellies/incomer', parameters: { prefix: 'shellies/incomer' }, alias: ['shelly incomer'] },
    ]);
    expect(read('x/events/rpc', { method: 'NotifyStatus' })).toMatchObject({ fault: expect.any(String) });
  });

  test('the status of a component, and other topics of that form', () => {
    expect(found('shellypro3em-08f9e0e5c790/status/em:0', { id: 0, a_voltage: 230.1 })).toMatchObject([
      { model: 'shellypro3em', topics: ['shellypro3em-08f9e0e5c790/status/em:0', 'shellypro3em-08f9e0e5c790/online'] },
    ]);
    expect(read('printer/status/paper', { id: 3 })).toBeUndefined();
    expect(read('gate/status/em:0', 'closed')).toBeUndefined();
  });
});

describe('Tasmota', () => {
  const config = {
    ip: '192.168.15.10',
    dn: 'Sump pump',
    fn: ['Sump pump', null],
    hn: 'tasmota-49A3BC-0956',
    mac: '5CCF7F49A3BC',
    md: 'Sonoff Pow R2',
    ofln: 'Offline',
    onln: 'Online',
    t: 'plug-sump',
    ft: '%prefix%/%topic%/',
    tp: ['cmnd', 'stat', 'tele'],
    ver: 1,
  };

  test('its own discovery tells topic and module', () => {
    expect(found('tasmota/discovery/5CCF7F49A3BC/config', config)).toEqual([
      {
        key: 'tasmota plug-sump',
        source: 'Tasmota',
        name: 'Sump pump',
        vendor: 'Tasmota',
        model: 'Sonoff Pow R2',
        parameters: { topic: 'plug-sump' },
        topics: ['tele/plug-sump/SENSOR', 'tele/plug-sump/STATE', 'tele/plug-sump/LWT'],
      },
    ]);
  });

  test('a full topic of another form', () => {
    const other = { ...config, ft: 'plant/%topic%/%prefix%/' };
    expect(found('tasmota/discovery/5CCF7F49A3BC/config', other)[0]?.topics?.[0]).toBe('plant/plug-sump/tele/SENSOR');
  });

  test('sensors, withdrawn and faulty announcements, and telemetry alone', () => {
    const mac = 'tasmota/discovery/5CCF7F49A3BC';
    expect(read(`${mac}/sensors`, { sn: { Time: '2021-02-23T18:44:24' }, ver: 1 })).toEqual({ findings: [] });
    expect(read(`${mac}/config`, '')).toEqual({ findings: [] });
    expect(read(`${mac}/config`, { t: 'x' })).toEqual({ fault: 'has no topic (t), full topic (ft) or prefixes (tp)' });
    expect(found('tele/plug-2/SENSOR', { ENERGY: { Power: 1 } })).toMatchObject([
      { key: 'tasmota plug-2', telling: true },
    ]);
    expect(read('tele/plug-2/SENSOR', 'oops')).toEqual({ fault: 'is not a JSON object' });
  });
});

describe('ChirpStack', () => {
  const topic = 'application/52f14cd4-c6f1-4fbd-8f87-4025e1d49242/device/24e124136b323456/event';
  const deviceInfo = { deviceName: 'cellar 3', deviceProfileName: 'Milesight EM300-SLD', devEui: '24e124136b323456' };

  test('an uplink and a join name the device, its profile and where its values come', () => {
    const finding = {
      key: 'lorawan 24e124136b323456',
      source: 'ChirpStack',
      name: 'cellar 3',
      model: 'Milesight EM300-SLD, cellar 3',
      parameters: { 'application-id': '52f14cd4-c6f1-4fbd-8f87-4025e1d49242', 'dev-eui': '24e124136b323456' },
    };
    expect(found(`${topic}/up`, { deviceInfo, object: {} })).toMatchObject([{ ...finding, telling: true }]);
    expect(found(`${topic}/join`, { deviceInfo })).toMatchObject([
      { ...finding, telling: false, topics: [`${topic}/join`, `${topic}/up`] },
    ]);
  });

  test('an event of another version is a fault', () => {
    expect(read(`${topic}/up`, { deviceName: 'x', devEUI: 'AgICAgICAgI=' })).toEqual({
      fault: 'is no event of ChirpStack 4: it has no deviceInfo',
    });
  });
});

test('what belongs to nobody is left alone', () => {
  expect(read('office/coffee', 'full')).toBeUndefined();
  expect(read('homeassistant/status', 'online')).toBeUndefined();
  expect(read('zigbee2mqtt/bridge/info', {})).toBeUndefined();
});
