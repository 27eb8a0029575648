import { fileURLToPath } from 'node:url';
import { type AlarmDefinition, errorMessage, type LocalText, unit } from '@plantroom/contracts';
import { loadCatalog } from '@plantroom/device-profiles';
import { loadGatewayConfig } from '../../../gateway/src/config/load-config.ts';
import { pointTable } from '../../../gateway/src/pipeline/point-table.ts';
import { raisedToLifeSafety } from '../../../server/src/domain/alarms/life-safety.ts';
import { planSignal } from '../../../server/src/domain/alarms/signal-plan.ts';
import { equipmentDefinitions } from '../../../server/src/domain/definitions.ts';
import {
  connectionDefinition,
  connectionId,
  deviceDefinition,
  gatewayDefinitions,
  laneSource,
  signalDefinition,
} from '../../../server/src/domain/system-definitions.ts';
import { readSiteFile } from '../../../server/src/site/read-site-file.ts';
import { siteLifeSafety } from '../../../server/src/site/site-life-safety.ts';
import { equipmentWires } from '../../../simulators/src/demo/equipment-wires.ts';
import { readGatewayFile } from '../../../simulators/src/demo/gateway-file.ts';
import { fireZonesOf } from '../../../simulators/src/demo/wires.ts';
import { FaultBoard, type FaultRequest } from '../../../simulators/src/faults/fault-board.ts';
import { demoBuilding } from '../../../simulators/src/model/building-spec.ts';
import { partsOf } from '../../../simulators/src/model/parts.ts';

const demo = (name: string): string => fileURLToPath(new URL(`../../../simulators/demo/${name}`, import.meta.url));
export const siteFile = demo('site.yaml');
export const gatewayFile = demo('gateway.yaml');

/** What there is in the demo building. Ids are without the site. */
export interface DemoPlant {
  site: string;
  /** Equipment id → class. */
  classes: ReadonlyMap<string, string>;
  /** Every alarm that its devices can give: id → its rule (`<class>/<point>#<rule>`; of the line: `device#offline`, `gateway#offline` …). */
  alarms: ReadonlyMap<string, { rule: string; definition: AlarmDefinition }>;
  /** Why a fault cannot befall what it is to befall, with what is allowed; undefined: it can. */
  faultProblem(request: FaultRequest): string | undefined;
  /** Ids of the gateway file's connections. */
  connections: readonly string[];
  /** `<equipment>/<point>` → what it is called and its unit's sign. */
  points: ReadonlyMap<string, { name: LocalText; unit: string }>;
  /** Equipment id → its name. */
  names: ReadonlyMap<string, LocalText>;
  /** Class → its failure modes, and what they are called. */
  failureModes: ReadonlyMap<string, ReadonlyMap<string, LocalText>>;
}

export async function demoPlant(): Promise<DemoPlant> {
  const { catalog } = loadCatalog();
  const site = readSiteFile(siteFile, new Set(catalog.classes.keys()));
  const { config, devices, derived } = loadGatewayConfig({ file: gatewayFile, environment: {} });
  const table = pointTable(config.site, devices, derived);
  const prefix = `${config.site}/`;
  const local = (id: string): string => id.slice(prefix.length);
  const aboutLife = siteLifeSafety(site);
  const alarms = new Map<string, { rule: string; definition: AlarmDefinition }>();
  for (const { id, class: ofClass } of site.equipment)
    for (const definition of equipmentDefinitions({ id: `${prefix}${id}`, class: catalog.classes.get(ofClass) }, []))
      if (table.byId.has(definition.source))
        alarms.set(local(definition.id), {
          rule: `${ofClass}${local(definition.id).slice(id.length)}`,
          definition: aboutLife.has(definition.id) ? raisedToLifeSafety(definition) : definition,
        });
  const gateway = `${prefix}${config.gateway}`;
  const find = (equipment: string | null) => (point: string) =>
    table.byId.has(`${equipment}/${point}`) ? `${equipment}/${point}` : null;
  const vital = new Set(
    [...alarms.values()]
      .filter(({ definition }) => definition.lifeSafety)
      .flatMap(({ definition }) => planSignal(definition, find(definition.equipment))?.points ?? [definition.source]),
  );
  const watching = new Set(
    table.points.flatMap(({ id, deviceIndex }) => (vital.has(id) ? [table.devices[deviceIndex]?.id] : [])),
  );
  for (const device of devices) {
    const equipment = [...new Set(device.bindings.map(({ equipment: of }) => `${prefix}${of}`))];
    const place = { id: `${gateway}/${device.id}`, equipment };
    const watches = watching.has(device.id);
    const definition = deviceDefinition(place, { watches });
    alarms.set(local(definition.id), { rule: 'device#offline', definition });
    const signal = signalDefinition(place);
    if (watches) alarms.set(local(signal.id), { rule: 'device#life-safety', definition: signal });
  }
  for (const { id: line } of config.connections) {
    const sharing = devices.filter(({ connection }) => connection === line);
    if (sharing.length < 2) continue;
    const watches = sharing.some(({ id }) => watching.has(id));
    const definition = connectionDefinition(connectionId(gateway, line), { watches });
    alarms.set(local(definition.id), { rule: 'connection#offline', definition });
  }
  // That a lane is behind takes a defect of the gateway's program or losses without end: no fault of the line brings it.
  for (const definition of gatewayDefinitions(gateway, { watches: watching.size > 0 }))
    if (definition.id !== laneSource(gateway))
      alarms.set(local(definition.id), { rule: `gateway#${definition.id.split('#')[1]}`, definition });
  const classes = new Map(site.equipment.map(({ id, class: of }) => [id, of]));
  const file = await readGatewayFile(gatewayFile, { environment: {}, loadCatalog: () => catalog });
  const around = { wires: equipmentWires(file), parts: partsOf(demoBuilding(fireZonesOf(file))) };
  return {
    site: config.site,
    classes,
    faultProblem(request) {
      try {
        new FaultBoard(classes, undefined, around).set(request, 0);
        return undefined;
      } catch (error) {
        return errorMessage(error);
      }
    },
    alarms,
    points: new Map(
      site.equipment.flatMap(({ id, class: of }) =>
        Object.entries(catalog.classes.get(of)?.points ?? {}).map(
          ([point, { name, unit: inUnit }]) => [`${id}/${point}`, { name, unit: unit(inUnit).symbol }] as const,
        ),
      ),
    ),
    names: new Map(site.equipment.map(({ id, name }) => [id, name])),
    connections: config.connections.map(({ id }) => id),
    failureModes: new Map(
      [...catalog.classes].map(([id, { failureModes }]) => [
        id,
        new Map(Object.entries(failureModes).map(([mode, { name }]) => [mode, name])),
      ]),
    ),
  };
}
