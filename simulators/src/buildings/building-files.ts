import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { ListedBuilding } from './building-list.ts';

interface GatewayText {
  gateway: string;
  site: string;
  name?: { zh: string; en: string };
  connections: { id: string; protocol: string; port?: unknown }[];
  devices: { connection: string; parameters?: Record<string, unknown> }[];
  outbox: { file: string };
}

interface SiteText {
  site: string;
  name: { zh: string; en: string };
}

export interface WrittenFiles {
  siteFile: string;
  gatewayFile: string;
}

export interface BuildingFilesOptions {
  /** Of the demo building. */
  siteFile: string;
  gatewayFile: string;
  folder: string;
  /** Its place among the others, from 0. */
  place: number;
}

/**
 * Site and gateway file of a further building, made from the demo's: the same equipment under another site, on ports and MQTT topics of its
 * own. What the gateway file takes from the environment stays so, its ports excepted.
 */
export function writeBuildingFiles(building: ListedBuilding, options: BuildingFilesOptions): WrittenFiles {
  const site = parse(readFileSync(options.siteFile, 'utf8')) as SiteText;
  const number = options.place + 1;
  const name = building.name ?? { zh: `${site.name.zh}${number}`, en: `${site.name.en} ${number}` };
  const gateway = parse(readFileSync(options.gatewayFile, 'utf8')) as GatewayText;
  const byMqtt = new Set(gateway.connections.filter(({ protocol }) => protocol === 'mqtt').map(({ id }) => id));
  let next = building.port;
  const connections = gateway.connections.map((connection) => {
    if (connection.port === undefined) return connection;
    return { ...connection, port: building.port === 0 ? 0 : next++ };
  });
  const devices = gateway.devices.map((device) =>
    byMqtt.has(device.connection)
      ? { ...device, parameters: { ...device.parameters, base: `zigbee2mqtt-${building.id}` } }
      : device,
  );
  mkdirSync(options.folder, { recursive: true });
  const files = { siteFile: join(options.folder, 'site.yaml'), gatewayFile: join(options.folder, 'gateway.yaml') };
  writeFileSync(files.siteFile, stringify({ ...site, site: building.id, name }));
  writeFileSync(
    files.gatewayFile,
    stringify({
      ...gateway,
      gateway: `gw-${building.id}`,
      site: building.id,
      name: { zh: `${name.zh}网关`, en: `${name.en} gateway` },
      connections,
      devices,
      outbox: { ...gateway.outbox, file: `gateway-${building.id}.outbox.sqlite` },
    }),
  );
  return files;
}
