import type { AlarmDefinition } from '@plantroom/contracts';
import { usable } from '../domain/alarms/condition.ts';
import {
  type AlarmPlace,
  familyOf,
  type GraphNode,
  type PlantGraph,
  ruleOf,
} from '../domain/suppression/plant-graph.ts';
import type { CauseState } from '../domain/suppression/standing.ts';
import { connectionId, parseConnectionId } from '../domain/system-definitions.ts';
import type { RuleSources } from './evaluate-input.ts';
import type { DevicePlace, PointPlace } from './plant.ts';
import type { RuleEntry } from './rule-book.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** A device that has been away longer than this tells nothing of the past any more. */
const backMs = 30_000;

const nowhere = { device: null, connection: null, gateway: null };

/** The plant and its alarms as suppression sees them, within a unit of work. */
export class PlantLinks implements PlantGraph {
  readonly #sources: RuleSources;
  readonly #work: UnitOfWork;

  constructor(sources: RuleSources, work: UnitOfWork) {
    this.#sources = sources;
    this.#work = work;
  }

  node(equipment: string): GraphNode | undefined {
    return this.#sources.plant.equipment.get(equipment);
  }

  interlocksOf(equipment: string): readonly string[] {
    return this.#sources.plant.interlocksOf(equipment);
  }

  suppressorsOf(owner: string): readonly AlarmDefinition[] {
    return this.#sources.book.ownedBy(owner).flatMap(({ definition }) => (definition.suppresses ? [definition] : []));
  }

  alarmOf(equipment: string, rule: string): AlarmDefinition | undefined {
    return this.#sources.book.ownedBy(equipment).find(({ definition }) => ruleOf(definition.id) === rule)?.definition;
  }

  placeOf({ source, equipment }: AlarmDefinition): AlarmPlace {
    const { plant } = this.#sources;
    const device = plant.devices.get(source);
    if (device !== undefined) return { ...this.#above(device), device: null, equipment: device.equipment };
    const point = plant.points.get(source);
    const own = equipment === null ? [] : [equipment];
    if (point !== undefined) return { ...this.#above(plant.devices.get(point.device)), equipment: own };
    // A connection is read through its gateway.
    const [gateway = ''] = source.split('#', 1);
    return { ...nowhere, equipment: own, gateway: source !== gateway && plant.gateways.has(gateway) ? gateway : null };
  }

  familyOf(equipment: string): string {
    return familyOf(this, equipment);
  }

  stateOf(id: string): CauseState | undefined {
    const entry = this.#sources.book.get(id);
    if (entry === undefined) return undefined;
    const { alarm, state, late, held } = this.#work.view(entry);
    return {
      definition: entry.definition,
      alarm,
      rule: state,
      former: late.former,
      isHeld: held !== null,
      knownMs: this.#knownMs(entry),
      nowMs: this.nowOf(entry.definition),
    };
  }

  /** Time by which the delays of an alarm run. */
  nowOf({ source, condition }: AlarmDefinition): number {
    const { plant, clock } = this.#sources;
    const gateway = condition.type === 'offline' ? undefined : plant.points.get(source)?.gateway;
    if (gateway === undefined || plant.gateways.get(gateway)?.online !== true) return this.#work.nowMs;
    return clock.reachedMs(gateway) ?? this.#work.nowMs;
  }

  #above(device: DevicePlace | undefined) {
    if (device === undefined) return nowhere;
    const { id, gateway, connection } = device;
    return { device: id, gateway, connection: connection === null ? null : connectionId(gateway, connection) };
  }

  #knownMs({ definition, plan }: RuleEntry): number | null {
    if (definition.condition.type === 'offline') return this.#linkKnownMs(definition.source);
    const known = (plan?.points ?? [definition.source]).map((id) => this.#pointKnownMs(id));
    const times = known.filter((ms) => ms !== null);
    return times.length < known.length ? null : Math.min(...times);
  }

  /**
   * A value that has not changed is not told again: the newest reading of the points that are polled with it tells that it was looked at. While
   * its gateway is away, or its device has only just gone or is not back yet after a start, more may come.
   */
  #pointKnownMs(id: string): number | null {
    const { plant } = this.#sources;
    const place = plant.points.get(id);
    const device = plant.devices.get(place?.device ?? '');
    if (place === undefined || device === undefined) return null;
    const isGone = !device.online && plant.gateways.get(place.gateway)?.online === true;
    if (isGone && this.#work.nowMs - device.sinceMs >= backMs) return null;
    const beside = plant.pointsOf(place.equipment).filter((other) => isPolledWith(place, other));
    const heardMs = Math.max(...beside.map((other) => this.#heardMs(other.id, 'wireTimeMs')));
    const { silenceMs } = place;
    if (place.lane !== 'safety' || silenceMs === null || !device.online || heardMs === 0) return heardMs;
    // What is not repeated for minutes is looked at all the same: had it been silent, its gateway would have said so.
    return Math.max(heardMs, (this.#sources.clock.reachedMs(place.gateway) ?? 0) - silenceMs);
  }

  /** Of a device or gateway the host knows at once. A connection is up as long as any of its devices is heard. */
  #linkKnownMs(source: string): number {
    const { plant } = this.#sources;
    const line = parseConnectionId(source);
    const devices = line === null ? [] : plant.onConnection(line.gateway, line.connection).filter((one) => one.online);
    if (devices.length === 0) return Number.POSITIVE_INFINITY;
    const points = devices.flatMap(({ id, equipment }) =>
      equipment.flatMap((one) => plant.pointsOf(one).filter(({ device }) => device === id)),
    );
    return Math.max(0, ...points.map((point) => this.#heardMs(point.id, 'ingestTimeMs')));
  }

  #heardMs(point: string, by: 'wireTimeMs' | 'ingestTimeMs'): number {
    const held = this.#sources.current.get(point);
    return held !== undefined && usable(held.quality, held.reason) ? (held[by] ?? 0) : 0;
  }
}

function isPolledWith(a: PointPlace, b: PointPlace): boolean {
  return a.device === b.device && a.silenceMs === b.silenceMs && a.derived === b.derived;
}
