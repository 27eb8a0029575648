import type {
  Device,
  Equipment,
  Gateway,
  LocalText,
  PointWriteRange,
  Site,
  Space,
  UnitName,
} from '@plantroom/contracts';

export interface EquipmentPlace extends Pick<Equipment, 'id' | 'site' | 'class' | 'space' | 'parent' | 'dependsOn'> {
  name: LocalText;
  /** What a birth registered, the site file may rename and place. */
  origin: 'site-file' | 'birth';
}

/** A point as it was born: who delivers it and how. */
export interface PointPlace {
  id: string;
  equipment: string;
  class: string | null;
  unit: UnitName | null;
  lane: 'safety' | 'live';
  silenceMs: number | null;
  /** The gateway computes it from other points. */
  derived: boolean;
  /** Null: it cannot be written. */
  write: PointWriteRange | null;
  gateway: string;
  device: string;
}

export type GatewayPlace = Pick<Gateway, 'id' | 'site' | 'online' | 'sinceMs'>;
export type DevicePlace = Device;

/** What changes; what is left out stays. */
export interface PlantPatch {
  sites?: Site[];
  spaces?: Space[];
  equipment?: EquipmentPlace[];
  points?: PointPlace[];
  gateways?: GatewayPlace[];
  devices?: DevicePlace[];
}

/** The plant in memory, as the database has it. Changed only by `apply`, after its patch has been committed. */
export class Plant {
  readonly sites = new Map<string, Site>();
  readonly spaces = new Map<string, Space>();
  readonly equipment = new Map<string, EquipmentPlace>();
  readonly points = new Map<string, PointPlace>();
  readonly gateways = new Map<string, GatewayPlace>();
  readonly devices = new Map<string, DevicePlace>();
  readonly #pointsOf = new Map<string, PointPlace[]>();
  readonly #devicesOf = new Map<string, DevicePlace[]>();
  readonly #pointCount = new Map<string, number>();
  #interlocks: ReadonlyMap<string, readonly string[]> = new Map();
  #pointsRevision = 0;
  #linksRevision = 0;

  /** Goes up when points come or change. */
  get pointsRevision(): number {
    return this.#pointsRevision;
  }

  /** Goes up when gateways or devices come, go or change. */
  get linksRevision(): number {
    return this.#linksRevision;
  }

  apply(patch: PlantPatch): void {
    for (const site of patch.sites ?? []) this.sites.set(site.id, site);
    for (const space of patch.spaces ?? []) this.spaces.set(space.id, space);
    for (const equipment of patch.equipment ?? []) this.equipment.set(equipment.id, equipment);
    for (const gateway of patch.gateways ?? []) this.gateways.set(gateway.id, gateway);
    for (const device of patch.devices ?? []) this.#setDevice(device);
    for (const point of patch.points ?? []) this.#setPoint(point);
    if (patch.points !== undefined && patch.points.length > 0) this.#pointsRevision++;
    if ((patch.gateways?.length ?? 0) + (patch.devices?.length ?? 0) > 0) this.#linksRevision++;
  }

  /** Equipment → what switches it by an interlock. Of the site file alone, so that it is set at each start. */
  setInterlocks(interlocks: ReadonlyMap<string, readonly string[]>): void {
    this.#interlocks = interlocks;
  }

  interlocksOf(equipment: string): readonly string[] {
    return this.#interlocks.get(equipment) ?? [];
  }

  pointsOf(equipment: string): readonly PointPlace[] {
    return this.#pointsOf.get(equipment) ?? [];
  }

  devicesOf(gateway: string): readonly DevicePlace[] {
    return this.#devicesOf.get(gateway) ?? [];
  }

  onConnection(gateway: string, connection: string): readonly DevicePlace[] {
    return this.devicesOf(gateway).filter((device) => device.connection === connection);
  }

  pointCount(gateway: string): number {
    return this.#pointCount.get(gateway) ?? 0;
  }

  #setDevice(device: DevicePlace): void {
    this.devices.set(device.id, device);
    const others = (this.#devicesOf.get(device.gateway) ?? []).filter((d) => d.id !== device.id);
    this.#devicesOf.set(device.gateway, [...others, device]);
  }

  #setPoint(point: PointPlace): void {
    const before = this.points.get(point.id);
    if (before !== undefined) this.#count(before.gateway, -1);
    this.#count(point.gateway, 1);
    this.points.set(point.id, point);
    const list = this.#pointsOf.get(point.equipment);
    if (list === undefined) this.#pointsOf.set(point.equipment, [point]);
    else {
      const at = list.findIndex((p) => p.id === point.id);
      if (at === -1) list.push(point);
      else list[at] = point;
    }
  }

  #count(gateway: string, by: number): void {
    this.#pointCount.set(gateway, this.pointCount(gateway) + by);
  }
}
