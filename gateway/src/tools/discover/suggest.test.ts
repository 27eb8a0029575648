import { loadCatalog } from '@plantroom/device-profiles';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Gathering } from './gather.ts';
import { mergeDevices } from './merge-devices.ts';
import { suggest } from './suggest.ts';
import { fillSome, unifyTopic } from './unify.ts';

const { catalog } = loadCatalog();

/** What is suggested for each device after these messages: name → profile with parameters, or the reason why none. */
function suggested(messages: Record<string, unknown>): Record<string, unknown> {
  const gathering = new Gathering({ homeAssistant: 'homeassistant' });
  for (const [topic, payload] of Object.entries(messages)) gathering.add({ topic, payload, retained: false });
  return Object.fromEntries(
    mergeDevices(gathering.heard).map((device) => {
      const { suggestions, reason } = suggest(device, catalog);
      const [best] = suggestions;
      if (best === undefined) return [device.name, reason];
      return [device.name, { [best.profile.profile]: best.parameters, by: best.byModel ? 'model' : 'values' }];
    }),
  );
}

const zigbee = (name: string, model: string, properties: string[]) => ({
  ieee_address: `0x${name}`,
  type: 'EndDevice',
  friendly_name: name,
  interview_completed: true,
  definition: { model, vendor: 'V', exposes: properties.map((property) => ({ type: 'numeric', property })) },
});
const up = (eui: string) => `application/app-1/device/${eui}/event/up`;

describe('a profile is suggested', () => {
  test('by the model that zigbee2mqtt names, with the base topic only where it is another', () => {
    const voc = zigbee('air', 'VOCKQJK11LM', ['voc', 'temperature', 'humidity', 'battery', 'linkquality']);
    expect(suggested({ 'zigbee2mqtt/bridge/devices': [voc] })).toEqual({
      air: { 'zigbee2mqtt/vockqjk11lm': { 'friendly-name': 'air' }, by: 'model' },
    });
    expect(suggested({ 'zb/tower/bridge/devices': [voc] })).toEqual({
      air: { 'zigbee2mqtt/vockqjk11lm': { 'friendly-name': 'air', base: 'zb/tower' }, by: 'model' },
    });
  });

  test('by what it exposes, when the model is another one that tells the same', () => {
    const other = zigbee('door', 'SNZB-04', ['contact', 'battery', 'voltage', 'linkquality']);
    expect(suggested({ 'zigbee2mqtt/bridge/devices': [other] })).toEqual({
      door: { 'zigbee2mqtt/mccgq11lm': { 'friendly-name': 'door' }, by: 'values' },
    });
  });

  test('by the values of a LoRaWAN sensor whose bytes nobody has decoded', () => {
    // 01755C 03673401 046865 050001
    const payload = {
      deviceInfo: { deviceName: 'cellar', deviceProfileName: 'class A' },
      fPort: 85,
      data: 'AXVcA2c0AQRoZQUAAQ==',
    };
    expect(suggested({ [up('24e124136b323456')]: payload })).toEqual({
      cellar: {
        'milesight/em300-sld': { 'application-id': 'app-1', 'dev-eui': '24e124136b323456' },
        by: 'values',
      },
    });
  });

  test('by the name of the ChirpStack device profile, before any value came', () => {
    const join = { deviceInfo: { deviceName: 'tank', deviceProfileName: 'Milesight_EM500-SWL' }, devAddr: '01020304' };
    expect(suggested({ 'application/a/device/b/event/join': join })).toMatchObject({
      tank: { 'milesight/em500-swl': { 'dev-eui': 'b' }, by: 'model' },
    });
  });

  test('for the mode in which a meter runs', () => {
    const rpc = (params: object) => ({ src: 'shellypro3em-08f9e0e5c790', method: 'NotifyStatus', params });
    const phases = rpc({ 'em:0': { id: 0, a_voltage: 230.5, b_voltage: 231, c_voltage: 229, total_act_power: 812 } });
    const single = rpc({ 'em1:0': { id: 0, voltage: 230.5, current: 1, act_power: 200 } });
    expect(suggested({ 'incomer/events/rpc': phases })).toEqual({
      incomer: { 'shelly/pro-3em': { prefix: 'incomer' }, by: 'model' },
    });
    expect(suggested({ 'incomer/events/rpc': single })).toEqual({
      incomer: { 'shelly/pro-3em-single-phase': { prefix: 'incomer' }, by: 'model' },
    });
  });

  test('for one and for three phases of Tasmota', () => {
    const one = {
      ENERGY: {
        Total: 1,
        Power: 460,
        ApparentPower: 500,
        ReactivePower: 196,
        Factor: 0.92,
        Voltage: 231,
        Current: 2.1,
      },
    };
    const three = {
      ENERGY: {
        Total: 1,
        Power: [1, 2, 3],
        ApparentPower: [1, 2, 3],
        ReactivePower: [0, 1, 2],
        Factor: [1, 0.9, 0.8],
        Voltage: 231,
        Current: [1, 2, 3],
        Frequency: 50,
      },
    };
    expect(suggested({ 'tele/a/SENSOR': one, 'tele/b/SENSOR': three })).toEqual({
      a: { 'tasmota/energy-plug': { topic: 'a' }, by: 'values' },
      b: { 'tasmota/energy-meter-three-phase': { topic: 'b' }, by: 'values' },
    });
  });

  test('from Home Assistant discovery alone, when the topics are those of a profile', () => {
    const entity = (field: string) => ({
      stat_t: 'tele/EZPlug_35EBF6/SENSOR',
      avty_t: 'tele/EZPlug_35EBF6/LWT',
      val_tpl: `{{value_json['ENERGY']['${field}']}}`,
      dev: { ids: ['35EBF6'], name: 'Printer' },
    });
    const fields = ['Power', 'ApparentPower', 'ReactivePower', 'Factor', 'Voltage', 'Current', 'Total', 'Frequency'];
    const configs = fields.map((field) => [`homeassistant/sensor/35EBF6_ENERGY_${field}/config`, entity(field)]);
    expect(suggested(Object.fromEntries(configs))).toEqual({
      Printer: { 'tasmota/energy-plug': { topic: 'EZPlug_35EBF6' }, by: 'values' },
    });
  });

  test('once for a device that several sources tell', () => {
    const device = {
      identifiers: ['zigbee2mqtt_0x00158d0001d8e1f2'],
      name: 'floor (HA)',
      model: 'Leak sensor (SJCGQ11LM)',
    };
    const list = [zigbee('00158d0001d8e1f2', 'SJCGQ11LM', ['water_leak', 'battery', 'battery_low', 'tamper'])];
    const messages = {
      'homeassistant/binary_sensor/0x00158d0001d8e1f2/water_leak/config': {
        device,
        state_topic: 'zigbee2mqtt/00158d0001d8e1f2',
        value_template: '{{ value_json.water_leak }}',
      },
      'zigbee2mqtt/bridge/devices': list,
    };
    expect(Object.keys(suggested(messages))).toHaveLength(1);
  });
});

describe('no profile is suggested, with the reason', () => {
  test.each([
    [
      'a model that nobody knows',
      { 'zigbee2mqtt/bridge/devices': [zigbee('blind', 'E1926', ['position', 'linkquality'])] },
      /^no profile is for the model "E1926", and no profile reads its values: position, linkquality$/,
    ],
    [
      'half of what a profile needs',
      { 'zigbee2mqtt/bridge/devices': [zigbee('t', 'TS0201', ['temperature', 'battery'])] },
      /^no profile is for the model "TS0201"; nearest by its values is \S+, which also needs .*humidity/,
    ],
    [
      'nothing but an announcement',
      { 'shellies/announce': { id: 'shelly1-AABBCC', model: 'SHSW-1' } },
      /^no profile is for the model "SHSW-1", and it has told no value while it was listened to$/,
    ],
    [
      'other topics than the profile reads',
      { 'tasmota/discovery/A/config': { t: 'plug', ft: '%topic%/%prefix%/', tp: ['cmnd', 'stat', 'tele'], md: 'Pow' } },
      /^tasmota\/energy-\S+ reads tele\/plug\/SENSOR, but its topics are plug\/tele\/SENSOR, /,
    ],
    [
      'a disabled device',
      { 'zigbee2mqtt/bridge/devices': [{ ...zigbee('x', 'SJCGQ11LM', []), disabled: true }] },
      /^it is disabled in zigbee2mqtt$/,
    ],
  ])('%s', (_, messages, reason) => {
    expect(Object.values(suggested(messages))).toEqual([expect.stringMatching(reason)]);
  });
});

test('a withdrawn announcement takes its device away', () => {
  const gathering = new Gathering({ homeAssistant: 'ha' });
  const topic = 'ha/sensor/a/config';
  gathering.add({ topic, payload: { stat_t: 'a/b', dev: { ids: ['a'] } }, retained: true });
  gathering.add({ topic, payload: '', retained: false });
  expect(mergeDevices(gathering.heard)).toEqual([]);
});

test('a message that cannot be read is named once, and counted no further', () => {
  const gathering = new Gathering({ homeAssistant: 'ha' });
  for (let i = 0; i < 3; i++) gathering.add({ topic: 'tele/x/SENSOR', payload: '{"ENERGY":', retained: false });
  expect([...gathering.faults]).toEqual([['tele/x/SENSOR', 'is not a JSON object: "{\\"ENERGY\\":"']]);
});

test('what is filled into a template is found again in the topic', () => {
  const word = fc.stringMatching(/^[a-z0-9.+*()$-]{1,8}$/);
  void fc.assert(
    fc.property(word, word, (application, eui) => {
      const template = 'application/{application-id}/device/{dev-eui}/event/up';
      const values = { 'application-id': application, 'dev-eui': eui };
      expect(unifyTopic(template, fillSome(template, values))).toEqual(values);
    }),
  );
  expect(unifyTopic('shellies/{id}/emeter/0/power', 'shellies/a/b/emeter/0/power')).toEqual({ id: 'a/b' });
  expect(unifyTopic('{x}/{x}/on', 'a/b/on')).toBeUndefined();
});
