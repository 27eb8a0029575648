import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const write = (file: string, content: unknown): void => writeFileSync(file, JSON.stringify(content));
const both = (text: string) => ({ zh: text, en: text });

/** Polled fast and patiently, so that only a cut line makes its device silent. */
const profile = (model: string, serves: unknown, points: unknown) => ({
  profile: `acme/${model}`,
  vendor: 'Acme',
  model,
  sources: ['made for a test'],
  certainty: 'B',
  protocol: 'modbus',
  serves,
  silence: { polls: 1000 },
  modbus: { timeoutMs: 20000 },
  poll: { fast: '200ms', normal: '200ms', slow: '200ms' },
  points,
});

interface Options {
  /** Port of the counting device that answers for both. */
  devicePort: number;
  /** Points of the class fire-zone that the panel delivers; all of them are one bit of the device. */
  zonePoints: readonly ('fire' | 'fault')[];
  /** Of the gateway file. */
  uplinks: unknown;
}

/** Files of site `tower`: a meter (`meter-1/power`, a count) and a fire zone (`zone-1`) behind one device, gateway `edge-1`. */
export function writeMeterAndPanel(
  folder: string,
  { devicePort, zonePoints, uplinks }: Options,
): { gatewayFile: string; siteFile: string } {
  const profiles = join(folder, 'own/profiles/acme');
  mkdirSync(profiles, { recursive: true });
  const register = { table: 'input', address: 0, type: 'u16' };
  const input = { table: 'discrete', address: 1, type: 'bool' };
  const power = { point: 'power', unit: 'kW', at: register };
  write(join(profiles, 'meter.yaml'), profile('meter', { meter: { class: 'power-meter' } }, [power]));
  const bits = zonePoints.map((point) => ({ point, at: input }));
  write(join(profiles, 'panel.yaml'), profile('panel', { zone: { class: 'fire-zone' } }, bits));
  const [gatewayFile, siteFile] = [join(folder, 'gateway.yaml'), join(folder, 'site.yaml')];
  write(gatewayFile, {
    gateway: 'edge-1',
    site: 'tower',
    catalogs: ['own'],
    connections: [{ id: 'line', protocol: 'modbus', transport: 'tcp', host: '127.0.0.1', port: devicePort }],
    devices: [
      { id: 'meter', profile: 'acme/meter', connection: 'line', unitId: 1, serves: { meter: 'meter-1' } },
      { id: 'panel', profile: 'acme/panel', connection: 'line', unitId: 2, serves: { zone: 'zone-1' } },
    ],
    uplinks,
    outbox: { file: 'outbox.sqlite' },
  });
  write(siteFile, {
    site: 'tower',
    name: both('Tower'),
    timeZone: 'Asia/Shanghai',
    spaces: [{ id: 'b1', kind: 'building', name: both('Tower') }],
    equipment: [
      { id: 'meter-1', class: 'power-meter', space: 'b1', name: both('Meter') },
      { id: 'zone-1', class: 'fire-zone', space: 'b1', name: both('Zone') },
    ],
  });
  return { gatewayFile, siteFile };
}
