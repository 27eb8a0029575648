import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatProblem, ProblemsError } from '@plantroom/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkGateway } from './check-report.ts';
import { loadGatewayConfig } from './load-config.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const head = `gateway: edge-1
site: tower
uplinks: {}
outbox: { file: outbox.db }
`;
const line = `connections:
  - id: meters
    protocol: modbus
    transport: tcp
    host: 127.0.0.1
    port: \${METER_PORT:-502}
`;
const meter = (id: string, more = '') => `  - id: ${id}
    profile: eastron/sdm120
    connection: meters
    unitId: 1
    serves: { meter: ${id} }
${more}`;

function load(text: string, environment: Record<string, string> = {}) {
  const file = join(folder, 'gateway.yaml');
  writeFileSync(file, text);
  return loadGatewayConfig({ file, environment });
}

/** Problems of the gateway file, as `line path: message`. */
function own(problems: readonly { source: string; line?: number; path: string; message: string }[]): string[] {
  return problems.filter((p) => p.source.endsWith('gateway.yaml')).map((p) => `${p.line} ${p.path}: ${p.message}`);
}

function refusal(text: string): string[] {
  try {
    load(text);
  } catch (error) {
    if (error instanceof ProblemsError) return own(error.problems);
    throw error;
  }
  throw new Error('accepted');
}

describe('gateway configuration', () => {
  test('resolves devices with bindings, periods and silence limits', () => {
    const { devices, config, problems } = load(`${head}${line}devices:\n${meter('m1', '    poll: { fast: 2s }\n')}`);
    expect(own(problems)).toEqual([]);
    expect(config.connections[0]).toMatchObject({ port: 502 });
    expect(devices[0]?.bindings.length).toBeGreaterThan(5);
    expect(devices[0]?.pollMs.fast).toBe(2000);
    const first = devices[0]!.bindings[0]!;
    expect(devices[0]?.silenceMs(first)).toBeGreaterThan(0);
  });

  test('takes a number from the environment where the schema wants one', () => {
    const { config } = load(`${head}${line}devices:\n${meter('m1')}`, { METER_PORT: '1502' });
    expect(config.connections[0]).toMatchObject({ port: 1502 });
  });

  test('a file that is not YAML, and one whose head is wrong, are refused with every problem and its line', () => {
    expect(refusal('gateway: [')[0]).toContain('not valid YAML');
    const found = refusal(`gatway: edge\nsite: Tower\nuplinks: {}\noutbox: {}\n${line}devices:\n${meter('m1')}`);
    expect(found.length).toBe(4);
    expect(found.join('\n')).toContain('1 /gatway: "gatway" is not known here, allowed are gateway, site');
    expect(found.join('\n')).toContain('/gateway: is missing');
    expect(found.join('\n')).toContain('2 /site: is "Tower", must match pattern');
    expect(found.join('\n')).toContain('4 /outbox/file: is missing');
  });

  test('credentials and options that contradict each other are refused, each named', () => {
    const uplink = (more: string): string =>
      `${head.replace('uplinks: {}', `uplinks: { lineProtocol: { url: 'http://influx:8086', ${more} } }`)}${line}devices:\n${meter('m1')}`;
    expect(refusal(uplink('token: x, username: edge, password: y'))).toEqual([
      '3 /uplinks/lineProtocol/username: is "edge" beside a token; allowed is one of `token` and `username` with `password`',
    ]);
    expect(refusal(uplink('password: y'))).toEqual(['3 /uplinks/lineProtocol/password: is there without a `username`']);
    expect(refusal(uplink('api: v2, username: edge, retentionPolicy: year'))).toEqual([
      '3 /uplinks/lineProtocol/username: is "edge" with api v2, which takes a `token`; allowed with v1',
      '3 /uplinks/lineProtocol/retentionPolicy: is "year" with api v2, which has none; allowed with v1',
    ]);
    expect(refusal(uplink('api: v4'))[0]).toMatch(/api: .*v1.*v2.*v3/);
    for (const sound of [
      'api: v1, username: edge, password: y, retentionPolicy: year',
      'api: v3, token: x',
      "token: ''",
    ])
      expect(own(load(uplink(sound)).problems)).toEqual([]);
  });

  test('a Sparkplug host id holds none of the signs that MQTT keeps, or is null', () => {
    const text = (id: string) =>
      `gateway: edge\nsite: tower\nuplinks:\n  sparkplug: { url: "mqtt://x:1", primaryHost: ${id} }\noutbox: { file: o }\n${line}devices:\n${meter('m1')}`;
    for (const bad of ['"a/b"', '"#"', '""', '5'])
      expect(refusal(text(bad)).join('\n')).toContain('4 /uplinks/sparkplug/primaryHost');
    expect(load(text('null')).config.uplinks.sparkplug).toMatchObject({ primaryHost: null });
  });

  test('one faulty device is left out with its problems, the others run', () => {
    const { devices, problems } = load(
      `${head}${line}devices:\n${meter('m1')}${meter('m2').replace('unitId: 1', 'unitId: 300')}${meter('m3').replace('sdm120', 'sdm999')}${meter('m4').replace('connection: meters', 'connection: metres')}${meter('m5').replace('meter: m5', 'metre: m5')}${meter('m1')}`,
    );
    expect(devices.map((d) => d.id)).toEqual(['m1']);
    const text = own(problems).join('\n');
    expect(text).toContain('/devices/1/unitId: is 300, must be <= 255');
    expect(text).toContain('/devices/2/profile: "eastron/sdm999" is not a profile — did you mean "eastron/sdm');
    expect(text).toContain(
      '/devices/3/connection: "metres" is not a connection — did you mean "meters"? Allowed: meters',
    );
    expect(text).toContain(
      '/devices/4/serves/metre: "metre" is not a role of eastron/sdm120 — did you mean "meter"? Allowed: meter',
    );
    expect(text).toContain('/devices/5/id: "m1" is used twice');
    expect(problems.map(formatProblem).join('\n')).toMatch(/gateway\.yaml:\d+ \/devices\/1\/unitId/);
  });

  test('a point that two devices deliver belongs to the first', () => {
    const { devices, problems } = load(
      `${head}${line}devices:\n${meter('m1')}${meter('m2').replace('meter: m2', 'meter: m1')}`,
    );
    expect(devices.map((d) => d.id)).toEqual(['m1']);
    expect(own(problems)[0]).toContain('comes from device "m1" already; name it under `without`');
  });

  test('a device goes with its faulty connection, and a variable that is not set is named', () => {
    const { devices, problems } = load(
      `${head}${line}  - { id: other, protocol: modbus, transport: tcp, host: "\${OTHER_HOST}", port: 503 }\ndevices:\n${meter('m1')}${meter('m2').replace('connection: meters', 'connection: other')}`,
    );
    expect(devices.map((d) => d.id)).toEqual(['m1']);
    const text = own(problems).join('\n');
    expect(text).toContain('/connections/1/host: environment variable OTHER_HOST is not set');
    expect(text).toContain('/devices/1/connection: is left out with its connection "other"');
  });

  test('check prints the plan with its load, or the problems', () => {
    const file = join(folder, 'gateway.yaml');
    writeFileSync(file, `${head}${line}devices:\n${meter('m1')}`);
    expect(checkGateway(file, {}).text).toMatch(
      /Line meters: TCP 127\.0\.0\.1:502[\s\S]*1 device, \d+ requests a round: [\d.]+ % used[\s\S]*requests\/s/,
    );
    expect(checkGateway(join(folder, 'none.yaml'), {})).toMatchObject({ ok: false });
  });

  describe('lines', () => {
    const connections = (...entries: string[]): string =>
      `connections:\n${entries.map((entry) => `  - { protocol: modbus, ${entry} }\n`).join('')}`;
    const problemsOf = (...entries: string[]): string[] =>
      own(
        load(`${head}${line}${connections(...entries).slice('connections:\n'.length)}devices:\n${meter('m1')}`)
          .problems,
      );
    const dtu = (id: string, more = '') => `id: ${id}, transport: tcp-server, host: 0.0.0.0, port: 9000${more}`;

    test('several callers may share a port when each has a registration of its own', () => {
      expect(
        problemsOf(dtu('a', ', registration: "DTU1"'), dtu('b', ', registration: "DTU2", heartbeat: "0xFE01"')),
      ).toEqual([]);
    });

    test.each([
      [
        'the same registration twice',
        dtu('b', ', registration: "0x44545531"'),
        '/connections/2/registration: is "0x44545531" as that of "a" on 0.0.0.0:9000',
      ],
      [
        'no registration beside others',
        dtu('b'),
        '/connections/2/registration: is missing: "a" listens on 0.0.0.0:9000 too',
      ],
      [
        'bytes that are none',
        dtu('b', ', registration: "0x4"'),
        '/connections/2/registration: is "0x4", after 0x must come pairs',
      ],
      [
        'an unknown transport',
        'id: b, transport: rtu-tcp, host: h, port: 1',
        '/connections/2/transport: is "rtu-tcp", allowed are tcp, rtu-over-tcp, rtu, tcp-server',
      ],
      [
        'a setting of another transport',
        'id: b, transport: rtu, path: /dev/ttyUSB0, host: h',
        '/connections/2/host: "host" is not known here, allowed are id, protocol, transport, path',
      ],
      ['a serial line without a port', 'id: b, transport: rtu', '/connections/2/path: is missing'],
      [
        'an address that another line has',
        'id: b, transport: rtu-over-tcp, host: 127.0.0.1, port: 502',
        'leads to 127.0.0.1:502 as "meters" does',
      ],
    ])('%s is refused', (_, entry, message) => {
      expect(problemsOf(dtu('a', ', registration: "DTU1"'), entry).join('\n')).toContain(message);
    });

    test('one serial port has one connection', () => {
      const port = (id: string) => `id: ${id}, transport: rtu, path: /dev/ttyUSB0, parity: even`;
      expect(problemsOf(port('a'), port('b')).join('\n')).toContain(
        'leads to /dev/ttyUSB0 as "a" does; all devices of one port share one connection',
      );
    });
  });
});

describe('derived points', () => {
  const three = (more = '') => `${head}${line}devices:
${meter('main', more).replace('eastron/sdm120', 'carlo-gavazzi/em24')}`;
  const derived = (text: string): string[] =>
    load(text).derived.map(({ equipment, point, at }) => `${equipment}/${point} from ${at.inputs.join(', ')}`);

  test('what a device does not deliver and its class derives is there', () => {
    expect(derived(three())).toContain('main/voltage-ln-average from voltage-l1, voltage-l2, voltage-l3');
  });

  test('what an input is left out for is not derived, and neither is what the device delivers or the site does not want', () => {
    expect(derived(three('    without: [voltage-l2]\n')).join()).not.toContain('voltage-ln-average');
    expect(derived(three()).join()).not.toContain('main/power ');
    expect(derived(three('    without: [power]\n')).join()).not.toContain('main/power ');
  });
});
