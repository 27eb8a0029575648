import { expect, test } from 'vitest';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { needsRestart } from './needs-restart.ts';

const config: GatewayConfig = {
  gateway: 'edge-1',
  site: 'tower',
  connections: [{ id: 'a', protocol: 'modbus', transport: 'tcp', host: '10.0.0.1', port: 502 }],
  devices: [{ id: 'm1', profile: 'test/device', connection: 'a', serves: {} }],
  uplinks: { sparkplug: { url: 'mqtt://10.0.0.2', password: 'old' }, lineProtocol: { url: 'http://10.0.0.2:8086' } },
  outbox: { file: 'outbox.sqlite' },
  metricsPort: 9100,
};

test.each<[string, Partial<GatewayConfig>, string[]]>([
  ['nothing', {}, []],
  [
    'lines, devices, catalogues, names and commands',
    { connections: [], devices: [], catalogs: ['own'], commands: { verify: '5s' } },
    [],
  ],
  ['the gateway', { gateway: 'edge-2' }, ['/gateway']],
  [
    'a password',
    { uplinks: { ...config.uplinks, sparkplug: { url: 'mqtt://10.0.0.2', password: 'new' } } },
    ['/uplinks/sparkplug/password'],
  ],
  ['an uplink that is new or gone', { uplinks: { sparkplug: config.uplinks.sparkplug! } }, ['/uplinks/lineProtocol']],
  [
    'the outbox and the port',
    { outbox: { file: 'outbox.sqlite', maxAge: '2d' }, metricsPort: 9101 },
    ['/outbox/maxAge', '/metricsPort'],
  ],
])('a restart is needed for what a change of %s touches', (_name, change, expected) => {
  expect(needsRestart(config, { ...config, ...change })).toEqual(expected);
});
