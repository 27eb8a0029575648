import { nodeMetrics, silentLogger } from '@plantroom/contracts';
import { lifeSafetyClasses, type PointWrite } from '@plantroom/device-profiles';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { DeviceRuntime } from '../config/gateway-config.ts';
import type { LoadedGateway } from '../config/load-config.ts';
import { driverRegistry } from '../drivers/registry.ts';
import { recordingSink } from '../drivers/test-helpers/recording-sink.ts';
import { importTool } from '../tools/import/import-tool.ts';
import { CommandBed } from './test-helpers/command-bed.ts';
import { liftProfile } from './test-helpers/own-profiles.ts';

/**
 * Every way in that leads over a gateway; the wire is the judge. That the server sends nothing to these classes, whatever a birth claims,
 * its own tests say.
 */
const vrf = '  - { id: vrf, profile: lg/pdrycb500, connection: line, unitId: 1, serves: { unit: vrf-1 } }';
const lift = '  - { id: lift, profile: own/lift, connection: line, unitId: 2, serves: { car: lift-1 } }';
const life = `${lift}
  - id: panel
    profile: notifier/modbus-gw
    connection: line
    unitId: 3
    serves: { panel: { equipment: panel-1, parameters: { loops: [1], detectors: [1], modules: [1] } } }
  - { id: smoke, profile: zigbee2mqtt/hs1sa-e, connection: mqtt, parameters: { friendly-name: s-1 }, serves: { detector: smoke-1 } }`;
const settings = 'catalogs: [own]\ncommands: { verify: 2s }';
const detector = 'zigbee2mqtt/s-1';

let bed: CommandBed;
let spy: MqttClient;
/** Topics below the detector's on which anything was said. */
const published: string[] = [];
let last = 0;

/** Writes whatever is asked to wherever the point is read. */
const forgedWrite = ({ at }: DeviceRuntime['bindings'][number]): PointWrite => ({
  encode: () => ({
    request:
      at.protocol === 'modbus'
        ? { protocol: 'modbus', table: 'holding', address: at.addresses[0] ?? 0, words: [1], single: true }
        : { protocol: 'mqtt', topic: `${detector}/set`, payload: '{"test":true}' },
  }),
  agrees: () => true,
  settleMs: 0,
});
const forged = (loaded: LoadedGateway): LoadedGateway => ({
  ...loaded,
  devices: loaded.devices.map((device) => ({
    ...device,
    bindings: device.bindings.map((binding) => ({ ...binding, write: forgedWrite(binding) })),
  })),
  writableClasses: new Set([...loaded.writableClasses, ...lifeSafetyClasses]),
});

async function start(loaded: LoadedGateway): Promise<void> {
  const before = bed.host.messages.length;
  expect(loaded.problems).toEqual([]);
  await bed.startGateway(loaded);
  const born = (id: string): boolean =>
    bed.host.messages.slice(before).some((message) => message.type === 'DBIRTH' && message.device === id);
  let looks = 0;
  await bed.until(() => {
    // Nobody hears it before the driver has subscribed.
    if (looks++ % 50 === 0) spy.publish(detector, '{"smoke":false,"battery":90}');
    // Births do not wait for the first poll.
    const isRead = [1, 2, 3].every((unit) => bed.device.codesOf(unit).length > 0);
    return isRead && ['vrf', 'lift', 'panel', 'smoke'].every(born);
  }, 'all births and polls');
}

/** Tries every point of lift, panel and detector by name and by alias, through its own device and through the one that may be written. */
async function commandEverything(): Promise<void> {
  const ids: string[] = [];
  for (const device of ['lift', 'panel', 'smoke']) {
    const birth = bed.host.messages.findLast((message) => message.type === 'DBIRTH' && message.device === device);
    const metrics = birth?.metrics ?? [];
    expect(metrics.length).toBeGreaterThan(0);
    for (const { name, alias, type, properties } of metrics) {
      expect(properties.writable, name).toBeUndefined();
      for (const to of [device, 'vrf']) {
        for (const which of [{ name: name! }, { alias: alias! }, { name: name!, alias: alias! }]) {
          const id = `r${++last}`;
          ids.push(id);
          await bed.command(to, { ...which, type: type as 'Double', value: someValue(type), id });
        }
      }
      await bed.host.command('hq', 'edge', [
        { name: name!, type: 'Int32', value: 1 },
        { alias: alias!, type: 'Int32', value: 1 },
      ]);
    }
  }
  const reasons = new Set<string | null>();
  for (const id of ids) {
    const { state, reason } = await bed.end(id);
    expect(state, id).toBe('refused');
    reasons.add(reason);
  }
  expect([...reasons].sort()).toEqual(['read-only-class', 'unknown-point']);
}

const someValue = (type: string): number | boolean | string =>
  type === 'Boolean' ? true : type === 'String' ? 'on' : 1;

/** The control: what may be written does reach the wire, and is seen there. */
async function writeWhatMayBe(): Promise<void> {
  const id = `r${++last}`;
  await bed.command('vrf', { name: 'vrf-1/setpoint', type: 'Double', value: 20 + (last % 5), id });
  await bed.until(() => bed.device.writes().length > 0, 'a write of what may be written');
}

beforeAll(async () => {
  bed = await CommandBed.open();
  spy = await connectAsync(bed.broker.url, { clientId: 'spy' });
  spy.on('message', (topic) => published.push(topic));
  await spy.subscribeAsync(`${detector}/#`);
  bed.profile('lift', liftProfile('lift'));
});
afterEach(async () => {
  await bed.stopGateway();
  expect(bed.device.codesOf(1).some((code) => code > 4)).toBe(true);
  for (const unit of [2, 3]) {
    expect(bed.device.codesOf(unit).length, `unit ${unit} was read`).toBeGreaterThan(0);
    expect(bed.device.codesOf(unit).filter((code) => code > 4)).toEqual([]);
  }
  expect(new Set(published)).toEqual(new Set([detector]));
  bed.device.seen.length = 0;
  published.length = 0;
});
afterAll(async () => {
  await spy.endAsync(true);
  await bed.close();
});

describe('nothing of elevators and fire is ever written', () => {
  test('not by DCMD or NCMD to a gateway as its file describes it', async () => {
    const loaded = bed.load(`${vrf}\n${life}`, settings);
    expect([...loaded.writableClasses].filter((of) => lifeSafetyClasses.has(of))).toEqual([]);
    await start(loaded);
    await commandEverything();
    await bed.host.command('hq', 'edge', [{ name: nodeMetrics.rebirth, type: 'Boolean', value: true }]);
    await writeWhatMayBe();
  });

  test('not with bindings that claim it and a configuration that names their classes', async () => {
    await start(forged(bed.load(`${vrf}\n${life}`, settings)));
    await commandEverything();
    await writeWhatMayBe();
  });

  test('not by a driver that is handed such a binding and such a request', async () => {
    const loaded = forged(bed.load(`${vrf}\n${life}`, settings));
    await start(loaded);
    for (const connection of loaded.config.connections) {
      const own = new Set(loaded.config.devices.filter((d) => d.connection === connection.id).map(({ id }) => id));
      const devices = loaded.devices.filter(({ id }) => own.has(id));
      const factory = driverRegistry.find(({ protocol }) => protocol === connection.protocol)!;
      // The device speaks to one caller at a time: this one takes the place of the gateway's.
      const id = `${connection.id}-2`;
      const other = connection.protocol === 'mqtt' ? { ...connection, id, clientId: id } : { ...connection, id };
      const driver = factory.create({ connection: other, devices, clock: bed.clock, logger: silentLogger });
      await driver.start(recordingSink());
      await bed.until(() => driver.stats().connected, 'a connection of its own');
      for (const { id: device, bindings } of devices.filter((d) => d.id !== 'vrf')) {
        for (const binding of bindings) {
          const encoded = binding.write!.encode(1);
          if (!('request' in encoded)) throw new Error('not forged');
          await expect(driver.write(device, binding, encoded.request)).rejects.toThrow('READ_ONLY_CLASS');
          // Neither with a copy that no driver knows.
          await expect(driver.write(device, { ...binding }, encoded.request)).rejects.toThrow('READ_ONLY_CLASS');
        }
      }
      await driver.stop();
    }
    await writeWhatMayBe();
  });

  test('not by a profile or a class of one’s own: the loader refuses it in words, also when it is imported', async () => {
    const write = '{ min: -9, max: 128, settleMs: 0 }';
    bed.profile('lift-writing', liftProfile('lift-writing', write));
    const writing = lift
      .replace('own/lift', 'own/lift-writing')
      .replace('id: lift', 'id: writing')
      .replace('lift-1', 'lift-2');
    const loaded = bed.load(`${vrf}\n${life}\n${writing}`, settings);
    const said = loaded.problems.map(({ message }) => message).join('\n');
    expect(said).toContain('nothing of class elevator may ever be written');
    expect(loaded.devices.map(({ id }) => id)).toEqual(['vrf', 'lift', 'panel', 'smoke']);

    const list = bed.file('list.csv', 'id,profile,connection,unit,equipment\nwriting,own/lift-writing,line,2,lift-2\n');
    let noted = '';
    const io = {
      environment: { dataDir: bed.folder, logLevel: 'info', variables: {} },
      clock: bed.clock,
      out: () => undefined,
      note: (text: string) => {
        noted += text;
      },
      signal: new AbortController().signal,
      screen: undefined,
    } as const;
    bed.load(`${vrf}\n${life}`, settings);
    expect(await importTool.run([list, '--into', `${bed.folder}/gateway.yaml`], io)).toBe(2);
    expect(noted).toContain('own/lift-writing');
    bed.removeProfile('lift-writing');

    bed.ownClass(
      'elevator',
      'class: elevator\nname: { zh: 电梯, en: Lift }\nsystem: hvac\npoints: {}\nalarms: {}\nfailureModes: {}\n',
    );
    const doubled = bed.load(`${vrf}\n${life}`, settings);
    expect(doubled.problems.map(({ message }) => message).join('\n')).toContain('elevator');
    expect(doubled.writableClasses.has('elevator')).toBe(false);
    bed.removeClass('elevator');

    await start(bed.load(`${vrf}\n${life}`, settings));
    await commandEverything();
    await writeWhatMayBe();
  });
});
