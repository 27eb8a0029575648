import type { Equipment, LocalText, Site, Space } from '@plantroom/contracts';
import type { DevicePlace, EquipmentPlace, GatewayPlace, PlantPatch, PointPlace } from '../engine/plant.ts';
import type { Db } from './database.ts';
import { upsert } from './upsert.ts';

const text = (json: string): LocalText => JSON.parse(json) as LocalText;

/** Sites, spaces, equipment, points and what serves them. */
export async function loadPlant(db: Db): Promise<Required<PlantPatch>> {
  const [sites, spaces, equipment, points, gateways, devices] = await Promise.all([
    db.selectFrom('sites').selectAll().orderBy('id').execute(),
    db.selectFrom('spaces').selectAll().orderBy('site').orderBy('position').orderBy('id').execute(),
    db.selectFrom('equipment').selectAll().orderBy('site').orderBy('position').orderBy('id').execute(),
    db.selectFrom('points').selectAll().orderBy('id').execute(),
    db.selectFrom('gateways').selectAll().orderBy('id').execute(),
    db.selectFrom('devices').selectAll().orderBy('id').execute(),
  ]);
  return {
    sites: sites.map((row): Site => ({ id: row.id, name: text(row.name), timeZone: row.time_zone })),
    spaces: spaces.map(
      (row): Space => ({
        id: row.id,
        site: row.site,
        kind: row.kind as Space['kind'],
        name: text(row.name),
        parent: row.parent,
      }),
    ),
    equipment: equipment.map(
      (row): EquipmentPlace => ({
        id: row.id,
        site: row.site,
        class: row.class,
        name: text(row.name),
        space: row.space,
        parent: row.parent,
        dependsOn: JSON.parse(row.depends_on) as Equipment['dependsOn'],
        origin: row.origin as EquipmentPlace['origin'],
      }),
    ),
    points: points.map(
      (row): PointPlace => ({
        id: row.id,
        equipment: row.equipment,
        class: row.class,
        unit: row.unit as PointPlace['unit'],
        lane: row.lane as PointPlace['lane'],
        silenceMs: row.silence_ms,
        derived: row.derived === 1,
        write: row.write_range === null ? null : (JSON.parse(row.write_range) as PointPlace['write']),
        gateway: row.gateway,
        device: row.device,
      }),
    ),
    gateways: gateways.map(
      (row): GatewayPlace => ({ id: row.id, site: row.site, online: row.online === 1, sinceMs: row.since_ms }),
    ),
    devices: devices.map(
      (row): DevicePlace => ({
        id: row.id,
        gateway: row.gateway,
        profile: row.profile,
        connection: row.connection,
        online: row.online === 1,
        sinceMs: row.since_ms,
        equipment: JSON.parse(row.equipment) as string[],
      }),
    ),
  };
}

/** Writes what a patch names; what it does not name stays. */
export async function savePlant(db: Db, patch: PlantPatch): Promise<void> {
  const key = ['id'];
  const json = JSON.stringify;
  await upsert(db, 'sites', {
    key,
    rows: (patch.sites ?? []).map((s) => ({ id: s.id, name: json(s.name), time_zone: s.timeZone })),
  });
  await upsert(db, 'spaces', {
    key,
    rows: (patch.spaces ?? []).map((s, position) => ({ ...s, name: json(s.name), position })),
  });
  await upsert(db, 'equipment', {
    key,
    rows: (patch.equipment ?? []).map(({ dependsOn, ...e }, position) => ({
      ...e,
      name: json(e.name),
      depends_on: json(dependsOn),
      position,
    })),
  });
  await upsert(db, 'points', {
    key,
    rows: (patch.points ?? []).map(({ silenceMs, derived, write, ...p }) => ({
      ...p,
      silence_ms: silenceMs,
      derived: derived ? 1 : 0,
      write_range: write === null ? null : json(write),
    })),
  });
  await upsert(db, 'gateways', {
    key,
    rows: (patch.gateways ?? []).map((g) => ({
      id: g.id,
      site: g.site,
      online: g.online ? 1 : 0,
      since_ms: g.sinceMs,
    })),
  });
  await upsert(db, 'devices', {
    key,
    rows: (patch.devices ?? []).map(({ sinceMs, ...d }) => ({
      ...d,
      online: d.online ? 1 : 0,
      since_ms: sinceMs,
      equipment: json(d.equipment),
    })),
  });
}
