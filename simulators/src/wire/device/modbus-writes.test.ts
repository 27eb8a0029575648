import { connect } from 'node:net';
import { silentLogger, systemClock } from '@plantroom/contracts';
import { loadCatalog, type ModbusProfile } from '@plantroom/device-profiles';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withCrc } from '../modbus/crc16.ts';
import { rtuFraming, tcpFraming } from '../modbus/framing.ts';
import { ModbusServer } from '../modbus/modbus-server.ts';
import { modbusDevice } from './modbus-device.ts';

const { catalog } = loadCatalog({ profiles: new Set(['lg/pdrycb500', 'belimo/actuator', 'notifier/modbus-gw']) });
const profileOf = (id: string): ModbusProfile => catalog.profiles.get(id) as ModbusProfile;
const write = { min: 0, max: 100, settleMs: 0 };
/** A valve whose set point is a float of two registers, low word first, and beside it one in packed decimals. */
const valve: ModbusProfile = {
  ...profileOf('belimo/actuator'),
  points: [
    { point: 'setpoint', at: { table: 'holding', address: 10, type: 'f32', order: 'CDAB' }, write },
    { point: 'position', at: { table: 'holding', address: 12, type: 'u16', encoding: 'bcd' }, write },
  ],
};

/** What the model holds, by `<equipment>/<point>`. */
const model = new Map<string, number | boolean>();
let revision = 0;
const servers: ModbusServer[] = [];

function unit(profile: ModbusProfile, role: string, equipment: string) {
  // Of the fire panel: one loop with one detector and one module.
  const parameters = role === 'panel' ? { loops: [1], detectors: [1], modules: [1] } : {};
  return modbusDevice({
    device: { id: equipment, profile, unitId: 1, parameters: {}, serves: [{ role, equipment, parameters }] },
    classes: catalog.classes,
    readerOf: (of, point) => () => model.get(`${of}/${point}`) ?? 0,
    revision: () => revision,
    stuck: () => false,
    setValue: (of, point, value) => {
      model.set(`${of}/${point}`, value);
      revision++;
      return true;
    },
  });
}

async function serve(framing: typeof tcpFraming): Promise<ModbusServer> {
  const server = new ModbusServer({
    host: '127.0.0.1',
    port: 0,
    framing,
    units: new Map([
      [1, unit(profileOf('lg/pdrycb500'), 'unit', 'vrf')],
      [2, unit(valve, 'actuator', 'valve')],
      [3, unit(profileOf('notifier/modbus-gw'), 'panel', 'panel')],
    ]),
    faultOf: () => undefined,
    clock: systemClock,
    logger: silentLogger,
  });
  servers.push(server);
  await server.start();
  return server;
}

/** The frame that comes back. */
function ask(server: ModbusServer, frame: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(frame));
    socket.on('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString('hex'));
    });
  });
}
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

let tcp: ModbusServer;
/** Unit and PDU there and back, over Modbus TCP. */
async function exchange(request: string): Promise<string> {
  const body = hex(request);
  const answer = await ask(tcp, Buffer.concat([hex('0009 0000 00'), Uint8Array.of(body.length), body]));
  expect(answer.slice(0, 8)).toBe('00090000');
  return answer.slice(12);
}

function resetModel(): void {
  model.clear();
  for (const [point, value] of Object.entries({ setpoint: 24, 'fan-speed': 3, mode: 2, running: false, fault: false }))
    model.set(`vrf/${point}`, value);
  revision++;
}

beforeAll(async () => {
  resetModel();
  tcp = await serve(tcpFraming);
});
afterAll(async () => {
  for (const server of servers) await server.stop();
});
beforeEach(resetModel);

describe('a simulated device that takes writes', () => {
  it.each<[string, string, string, [string, number | boolean][], string, string]>([
    ['function 5, on', '01 05 0000 ff00', '01050000ff00', [['vrf/running', true]], '01 01 0000 0001', '01010101'],
    ['function 5, off', '01 05 0000 0000', '010500000000', [['vrf/running', false]], '01 01 0000 0001', '01010100'],
    ['function 6', '01 06 0001 00d7', '0106000100d7', [['vrf/setpoint', 21.5]], '01 03 0001 0001', '01030200d7'],
    ['function 15', '01 0f 0000 0001 01 01', '010f00000001', [['vrf/running', true]], '01 01 0000 0001', '01010101'],
    [
      'function 16, two points side by side',
      '01 10 0000 0002 04 0004 00dc',
      '011000000002',
      [
        ['vrf/mode', 1],
        ['vrf/setpoint', 22],
      ],
      '01 03 0000 0002',
      '010304000400dc',
    ],
    [
      'function 16, a float of 12.5 with its low word first',
      '02 10 000a 0002 04 0000 4148',
      '0210000a0002',
      [['valve/setpoint', 12.5]],
      '02 03 000a 0002',
      '02030400004148',
    ],
    [
      'function 6, 42 in packed decimals',
      '02 06 000c 0042',
      '0206000c0042',
      [['valve/position', 42]],
      '02 03 000c 0001',
      '0203020042',
    ],
  ])('%s: sets the model, and reads so at once', async (_, request, answer, values, read, held) => {
    expect(await exchange(request)).toBe(answer);
    for (const [point, value] of values) expect(model.get(point), point).toBe(value);
    expect(await exchange(read)).toBe(held);
  });

  it.each([
    ['a value above the limit', '01 06 0001 0136', '018603'],
    ['a value below it', '01 06 0001 0000', '018603'],
    ['a code that it does not know', '01 06 0000 0009', '018603'],
    ['a register that is not there', '01 06 0002 0001', '018602'],
    ['a coil that is not there', '01 05 0001 ff00', '018502'],
    ['neither on nor off', '01 05 0000 1234', '018503'],
    ['a coil more than there is', '01 0f 0000 0002 01 03', '018f02'],
    ['no coils', '01 0f 0000 0000 00', '018f03'],
    ['a good value with a bad one behind it', '01 10 0000 0002 04 0004 0fff', '019003'],
    ['a block that runs into what cannot be written', '01 10 0001 0002 04 00d7 0000', '019002'],
    ['a byte count that does not fit', '01 10 0001 0001 04 00d7 0000', '019003'],
    ['half a float', '02 06 000a 4148', '028602'],
    ['no number as float', '02 10 000a 0002 04 0000 7fc0', '029003'],
    ['packed decimals with a digit of twelve', '02 06 000c 004c', '028603'],
    ['functions 5 to a fire panel', '03 05 0001 ff00', '038502'],
    ['functions 6 to a fire panel', '03 06 0001 0000', '038602'],
    ['functions 15 to a fire panel', '03 0f 0001 0001 01 01', '038f02'],
    ['functions 16 to a fire panel', '03 10 0001 0001 02 0000', '039002'],
  ])('%s is refused, and nothing is set', async (_, request, answer) => {
    const before = new Map(model);
    expect(await exchange(request)).toBe(answer);
    expect(model).toEqual(before);
  });

  it.each([
    ['01 05 0000 ff00', '01 05 0000 ff00'],
    ['01 06 0001 00d7', '01 06 0001 00d7'],
    ['01 0f 0000 0001 01 01', '01 0f 0000 0001'],
    ['01 10 0000 0002 04 0004 00dc', '01 10 0000 0002'],
  ])('takes %s in a serial frame too', async (request, answer) => {
    const rtu = servers[1] ?? (await serve(rtuFraming));
    expect(await ask(rtu, withCrc(hex(request)))).toBe(Buffer.from(withCrc(hex(answer))).toString('hex'));
  });
});
