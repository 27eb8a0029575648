import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@plantroom/contracts';
import { eventually } from '@plantroom/contracts/testing';
import mqtt, { type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadGatewayConfig } from '../../../gateway/src/config/load-config.ts';
import { discoverTool } from '../../../gateway/src/tools/discover/discover-tool.ts';
import { peer } from '../../helpers/peers.ts';
import { type RunningMosquitto, runMosquitto } from '../../helpers/run-mosquitto.ts';
import { gatewayFile } from './bed.ts';

const mosquitto = peer('mosquitto');

/** As the products publish them: retained, announced before anybody listens. */
const retained: Record<string, unknown> = {
  'zigbee2mqtt/bridge/devices': [
    { ieee_address: '0x00124b0014d3c4a1', type: 'Coordinator', friendly_name: 'Coordinator' },
    {
      ieee_address: '0x00158d0001d8e1f2',
      type: 'EndDevice',
      friendly_name: 'pump-room/floor',
      interview_completed: true,
      definition: { model: 'SJCGQ11LM', vendor: 'Aqara', exposes: [{ type: 'binary', property: 'water_leak' }] },
    },
    {
      ieee_address: '0x000b57fffec6a5b2',
      type: 'Router',
      friendly_name: 'blind',
      interview_completed: true,
      definition: {
        model: 'E1926',
        vendor: 'IKEA',
        exposes: [{ type: 'cover', features: [{ property: 'position' }] }],
      },
    },
  ],
  'homeassistant/binary_sensor/0x00158d0001d8e1f2/water_leak/config': {
    device: {
      identifiers: ['zigbee2mqtt_0x00158d0001d8e1f2'],
      name: 'pump-room/floor',
      model: 'Leak sensor (SJCGQ11LM)',
    },
    state_topic: 'zigbee2mqtt/pump-room/floor',
    value_template: '{{ value_json.water_leak }}',
  },
  'homeassistant/device/boiler/config': {
    dev: { ids: 'boiler-1', name: 'Boiler', mf: 'Acme', mdl: 'B200' },
    o: { name: 'bridge' },
    stat_t: 'boiler/state',
    cmps: { flow: { p: 'sensor', unique_id: 'flow', val_tpl: '{{ value_json.flow }}' } },
  },
  'tasmota/discovery/5CCF7F49A3BC/config': {
    dn: 'Sump pump',
    mac: '5CCF7F49A3BC',
    md: 'Sonoff Pow R2',
    t: 'plug-sump',
    ft: '%prefix%/%topic%/',
    tp: ['cmnd', 'stat', 'tele'],
  },
  'shellies/shellyem3-A4CF12F45D5E/online': true,
  'homeassistant/sensor/broken/config': 'not json',
};

/** Said while it listens. */
const live: Record<string, unknown> = {
  'tele/plug-sump/SENSOR': {
    Time: '2026-07-24T10:15:30',
    ENERGY: {
      Total: 123.4,
      Power: 460,
      ApparentPower: 500,
      ReactivePower: 196,
      Factor: 0.92,
      Voltage: 231,
      Current: 2.165,
    },
  },
  'shellies/announce': { id: 'shellyem3-A4CF12F45D5E', model: 'SHEM-3', mac: 'A4CF12F45D5E' },
  'incomer/events/rpc': {
    src: 'shellypro3em-08f9e0e5c790',
    method: 'NotifyStatus',
    params: {
      ts: 1784880000.42,
      'em:0': { id: 0, a_voltage: 230.5, b_voltage: 231, c_voltage: 229, total_act_power: 812 },
    },
  },
  'application/app-1/device/24e124136b323456/event/up': {
    deduplicationId: '3ac7e3c4-4401-4b8d-9386-a5c902f9202d',
    deviceInfo: { deviceName: 'cellar', deviceProfileName: 'class A' },
    fCnt: 1,
    fPort: 85,
    data: 'AXVcA2c0AQRoZQUAAQ==',
  },
};

describe.skipIf(!mosquitto.available)(`discover on Mosquitto ${mosquitto.available ? '' : mosquitto.hint}`, () => {
  let broker: RunningMosquitto;
  let client: MqttClient;
  let out: string;
  let notes: string;
  let ending: AbortController;

  beforeEach(async () => {
    broker = await runMosquitto();
    client = await mqtt.connectAsync(broker.url);
    ending = new AbortController();
    [out, notes] = ['', ''];
  });
  afterEach(async () => {
    await client.endAsync(true);
    await broker.stop();
  });

  const run = (args: readonly string[]): Promise<number> =>
    discoverTool.run(args, {
      environment: { dataDir: '.', logLevel: 'info', variables: {} },
      clock: systemClock,
      out: (text) => {
        out += text;
      },
      note: (text) => {
        notes += text;
      },
      signal: ending.signal,
      screen: undefined,
    });

  async function publish(messages: Record<string, unknown>, retain: boolean): Promise<void> {
    for (const [topic, payload] of Object.entries(messages)) {
      const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
      await client.publishAsync(topic, text, { qos: 1, retain });
    }
  }

  test('finds every kind of device, suggests what can be loaded, and says what does not fit', async () => {
    await publish(retained, true);
    const running = run([broker.url, '--seconds', '86400']);
    // What is retained has come: it listens, and hears what is said from now on.
    await eventually(() => expect(notes).toContain('found Boiler'));
    await eventually(async () => {
      await publish(live, false);
      for (const name of ['plug-sump', 'shellyem3-A4CF12F45D5E', 'incomer', 'cellar'])
        expect(notes).toContain(`found ${name}`);
    });
    ending.abort(new Error('enough'));
    expect(await running).toBe(0);

    const { devices, connections } = parse(out) as {
      devices: { id: string; profile: string }[];
      connections: object[];
    };
    expect(Object.fromEntries(devices.map(({ id, profile }) => [id, profile]))).toEqual({
      cellar: 'milesight/em300-sld',
      incomer: 'shelly/pro-3em',
      'pump-room-floor': 'zigbee2mqtt/sjcgq11lm',
      'shellyem3-a4cf12f45d5e': 'shelly/3em',
      'sump-pump': 'tasmota/energy-plug',
    });
    expect(connections).toEqual([{ id: 'mqtt', protocol: 'mqtt', url: broker.url }]);
    expect(out).toMatch(/# - blind \(IKEA E1926\), told by zigbee2mqtt: no profile is for the model "E1926"/);
    expect(out).toMatch(/# - Boiler \(Acme B200\), told by Home Assistant discovery: no profile .*: flow$/m);
    expect(out).toContain('# - homeassistant/sensor/broken/config is not a JSON object: "not json"');

    // What is to be pasted is a gateway file that loads without a problem.
    const folder = mkdtempSync(join(tmpdir(), 'plantroom-discover-'));
    const file = join(folder, 'gateway.yaml');
    writeFileSync(file, `gateway: edge-1\nsite: tower\n${out}\nuplinks: {}\noutbox: { file: o.sqlite }\n`);
    const loaded = await loadGatewayConfig({ file, environment: {} });
    rmSync(folder, { recursive: true });
    expect(loaded.problems).toEqual([]);
    expect(loaded.devices).toHaveLength(5);
  });

  test('a device that the gateway file has already is not suggested again', async () => {
    await publish(retained, true);
    const folder = mkdtempSync(join(tmpdir(), 'plantroom-discover-'));
    const file = join(folder, 'gateway.yaml');
    const leak =
      '{ id: leak-7, profile: zigbee2mqtt/sjcgq11lm, connection: field, parameters: { friendly-name: pump-room/floor }, serves: { sensor: leak-7 } }';
    writeFileSync(file, gatewayFile(broker.url, [leak]));
    const running = run([file, '--seconds', '86400']);
    await eventually(() => expect(notes).toContain('found Sump pump'));
    await eventually(() => expect(notes).toContain('found pump-room/floor'));
    ending.abort(new Error('enough'));
    expect(await running).toBe(0);
    rmSync(folder, { recursive: true });
    expect(out).toMatch(/# - pump-room\/floor .*: leak-7$/m);
    expect(out).not.toContain('zigbee2mqtt/sjcgq11lm by its');
    expect(out).toContain('connection: field');
  });
});
