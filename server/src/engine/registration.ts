import { parsePointId, type Site, type SiteModel } from '@plantroom/contracts';
import type { BornPoint } from '../ingest/ingest.ts';
import type { LinkInput } from './engine-input.ts';
import type { EquipmentPlace, Plant, PlantPatch, PointPlace } from './plant.ts';

export const unknownClass = 'unclassified';

/** Pure: what a birth tells that the plant does not know yet. Equipment that no site file names registers itself. */
export function birthPatch(
  plant: Plant,
  birth: { gateway: string; device: string; points: readonly BornPoint[]; atMs: number },
  localTimeZone: string,
): PlantPatch {
  const { gateway, device, atMs } = birth;
  const sites = new Map<string, Site>();
  const equipment = new Map<string, EquipmentPlace>();
  const points: PointPlace[] = [];
  let profile: string | null = plant.devices.get(device)?.profile ?? null;
  // Said anew with each birth: a device moves to another line.
  const connection = birth.points.find((born) => born.connection !== undefined)?.connection ?? null;
  const needSite = (site: string): void => {
    if (!plant.sites.has(site)) sites.set(site, { id: site, name: both(site), timeZone: localTimeZone });
  };
  needSite(siteOf(gateway));
  for (const born of birth.points) {
    const address = parsePointId(born.point);
    const id = `${address.site}/${address.equipment}`;
    const place: PointPlace = {
      id: born.point,
      equipment: id,
      class: born.class,
      unit: born.unit,
      lane: born.lane,
      silenceMs: born.silenceMs,
      derived: born.derived ?? false,
      write: born.write ?? null,
      gateway,
      device,
    };
    profile = born.profile ?? profile;
    needSite(address.site);
    const known = equipment.get(id) ?? plant.equipment.get(id);
    if (known === undefined || (known.origin === 'birth' && born.class !== null && known.class !== born.class)) {
      equipment.set(id, {
        id,
        site: address.site,
        class: born.class ?? unknownClass,
        name: known?.name ?? both(address.equipment),
        space: null,
        parent: null,
        dependsOn: [],
        origin: 'birth',
      });
    }
    if (!same(plant.points.get(place.id), place)) points.push(place);
  }
  const served = [...new Set(birth.points.map((p) => p.point.split('/').slice(0, 2).join('/')))];
  const held = plant.devices.get(device);
  const now = {
    id: device,
    gateway,
    profile,
    connection,
    online: true,
    sinceMs: held?.online ? held.sinceMs : atMs,
    equipment: served,
  };
  return {
    sites: [...sites.values()],
    equipment: [...equipment.values()],
    points,
    gateways: plant.gateways.has(gateway) ? [] : [{ id: gateway, site: siteOf(gateway), online: true, sinceMs: atMs }],
    devices: same(held, now) ? [] : [now],
  };
}

/** Pure: what the site file says that the plant does not have so. Nothing is deleted: history and orders hang on it. */
export function sitePatch(plant: Plant, model: SiteModel): PlantPatch {
  const under = (id: string): string => `${model.site}/${id}`;
  const site: Site = { id: model.site, name: model.name, timeZone: model.timeZone };
  const spaces = model.spaces.map((space) => ({
    id: under(space.id),
    site: model.site,
    kind: space.kind,
    name: space.name,
    parent: space.parent === undefined ? null : under(space.parent),
  }));
  const equipment = model.equipment.map(
    (e): EquipmentPlace => ({
      id: under(e.id),
      site: model.site,
      class: e.class,
      name: e.name,
      space: under(e.space),
      parent: e.parent === undefined ? null : under(e.parent),
      dependsOn: (e.dependsOn ?? []).map((supply) =>
        typeof supply === 'string' ? under(supply) : { oneOf: supply.oneOf.map(under), needs: supply.needs ?? 1 },
      ),
      origin: 'site-file',
    }),
  );
  // All or nothing per kind: the order of the file is the order on screen.
  const changed = <T extends { id: string }>(held: ReadonlyMap<string, T>, wanted: T[]): T[] =>
    wanted.every((item) => same(held.get(item.id), item)) ? [] : wanted;
  return {
    sites: changed(plant.sites, [site]),
    spaces: changed(plant.spaces, spaces),
    equipment: changed(plant.equipment, equipment),
  };
}

/** Pure: what a link that comes or goes changes in the plant. */
export function linkPatch(plant: Plant, input: LinkInput): PlantPatch {
  if (input.type === 'device-online') {
    return birthPatch(plant, input, Intl.DateTimeFormat().resolvedOptions().timeZone);
  }
  if (input.type === 'device-offline') {
    const held = plant.devices.get(input.device);
    return held?.online ? { devices: [{ ...held, online: false, sinceMs: input.atMs }] } : {};
  }
  const { gateway: id, online, atMs } = input;
  const held = plant.gateways.get(id);
  const site = id.split('/')[0] ?? id;
  const gateways = held?.online === online ? [] : [{ id, site, online, sinceMs: atMs }];
  const silent = online ? [] : plant.devicesOf(id).filter((device) => device.online);
  return { gateways, devices: silent.map((device) => ({ ...device, online: false, sinceMs: atMs })) };
}

export function isEmptyPatch(patch: PlantPatch): boolean {
  return Object.values(patch).every((items) => items.length === 0);
}

const siteOf = (id: string): string => id.split('/')[0] ?? id;
const both = (text: string) => ({ zh: text, en: text });

/** By content, whatever the order of keys. */
function same(a: object | undefined, b: object): boolean {
  if (a === undefined) return false;
  const sorted = (o: object) => JSON.stringify(Object.entries(o).sort(([x], [y]) => (x < y ? -1 : 1)));
  return sorted(a) === sorted(b);
}
