import {
  brokerDefinition,
  brokerSource,
  connectionDefinition,
  connectionId,
  deviceDefinition,
  gatewayDefinitions,
  signalDefinition,
} from '../domain/system-definitions.ts';
import type { LifeSafetyWatch } from './life-safety-watch.ts';
import type { DevicePlace, Plant, PlantPatch } from './plant.ts';
import type { RuleBook, RuleBookChange } from './rule-book.ts';

/** From so many devices on a connection has an alarm of its own. */
const leastDevices = 2;

/** The alarms of devices, connections, gateways and the broker, each as what hangs on it. */
export class LinkAlarms {
  readonly #book: RuleBook;
  readonly #plant: Plant;
  readonly #watch: LifeSafetyWatch;
  /** The broker belongs to the server: its alarm stands at its first site. Null: it knows none yet. */
  #site: string | null = null;

  constructor({ book, plant, watch }: { book: RuleBook; plant: Plant; watch: LifeSafetyWatch }) {
    this.#book = book;
    this.#plant = plant;
    this.#watch = watch;
  }

  get broker(): string | null {
    return this.#site === null ? null : brokerSource(this.#site);
  }

  /** What the database knows. */
  begin(): RuleBookChange[] {
    return this.#define([...this.#plant.devices.values()], this.#plant.gateways.keys());
  }

  /** The plant has changed. `moved`: its devices as they were. */
  change({ gateways = [], devices = [], points = [] }: PlantPatch, moved: readonly DevicePlace[]): RuleBookChange[] {
    const touched = new Set([...devices.map(({ id }) => id), ...points.map(({ device }) => device)]);
    return this.#define(
      [...moved, ...this.#placesOf(touched)],
      gateways.map(({ id }) => id),
    );
  }

  /** Alarms of equipment have changed: other points may be watched by them. */
  follow(changes: readonly RuleBookChange[]): RuleBookChange[] {
    const touched = new Set<string>();
    for (const { added, changed, withdrawn } of changes)
      for (const { definition } of [...added, ...changed, ...withdrawn])
        if (definition.equipment !== null && definition.origin !== 'system') touched.add(definition.equipment);
    const devices = new Set([...touched].flatMap((one) => this.#plant.pointsOf(one).map(({ device }) => device)));
    return devices.size === 0 ? [] : this.#define(this.#placesOf(devices), []);
  }

  #placesOf(ids: Iterable<string>): DevicePlace[] {
    return [...ids].flatMap((id) => this.#plant.devices.get(id) ?? []);
  }

  #define(devices: readonly DevicePlace[], gateways: Iterable<string>): RuleBookChange[] {
    const { watch, book } = { watch: this.#watch, book: this.#book };
    watch.refresh(devices.map(({ id }) => id));
    this.#site ??= [...this.#plant.sites.keys()].sort()[0] ?? null;
    return [
      ...this.#placesOf(new Set(devices.map(({ id }) => id))).map((device) => {
        const watches = watch.hasDevice(device.id);
        const own = deviceDefinition(device, { watches });
        return book.define(device.id, watches ? [own, signalDefinition(device)] : [own]);
      }),
      ...[...linesOf(devices)].map(([id, { gateway, connection }]) => {
        const isShared = this.#plant.onConnection(gateway, connection).length >= leastDevices;
        const watches = watch.hasConnection(gateway, connection);
        return book.define(id, isShared ? [connectionDefinition(id, { watches })] : []);
      }),
      ...[...new Set([...gateways, ...devices.map(({ gateway }) => gateway)])]
        .filter((id) => this.#plant.gateways.has(id))
        .map((id) => book.define(id, gatewayDefinitions(id, { watches: watch.hasGateway(id) }))),
      ...this.#defineBroker(),
    ];
  }

  #defineBroker(): RuleBookChange[] {
    const site = this.#site;
    if (site === null) return [];
    return [this.#book.define(brokerSource(site), [brokerDefinition(site, { watches: this.#watch.isWaiting })])];
  }
}

export function linesOf(devices: Iterable<DevicePlace>): Map<string, { gateway: string; connection: string }> {
  const lines = new Map<string, { gateway: string; connection: string }>();
  for (const { gateway, connection } of devices)
    if (connection !== null) lines.set(connectionId(gateway, connection), { gateway, connection });
  return lines;
}
