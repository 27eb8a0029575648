import type { Plant, PointPlace } from './plant.ts';
import type { RuleEntry } from './rule-book.ts';

/** Where the points of a rule come from. */
export interface Feeds {
  /** State of the plant for which this holds. */
  revision: number;
  /** By operand; undefined: nothing delivers it yet. */
  places: readonly (PointPlace | undefined)[];
  /** Each once. */
  gateways: readonly string[];
  /** By operand, whether its device or gateway is not there; `linksRevision`: state of the plant for which that holds. */
  away: readonly boolean[];
  linksRevision: number;
}

/** Hot path: looked up once per rule, and again when points of the plant have changed. */
export function feedsOf(entry: RuleEntry, plant: Plant): Feeds {
  const held = entry.feeds;
  if (held !== null && held.revision === plant.pointsRevision) {
    if (held.linksRevision !== plant.linksRevision) {
      held.away = held.places.map((place) => isAway(place, plant));
      held.linksRevision = plant.linksRevision;
    }
    return held;
  }
  const places = (entry.plan?.points ?? [entry.definition.source]).map((point) => plant.points.get(point));
  const gateways = [...new Set(places.flatMap((place) => place?.gateway ?? []))];
  const away = places.map((place) => isAway(place, plant));
  entry.feeds = { revision: plant.pointsRevision, places, gateways, away, linksRevision: plant.linksRevision };
  return entry.feeds;
}

function isAway(place: PointPlace | undefined, { devices, gateways }: Plant): boolean {
  if (place === undefined) return false;
  return devices.get(place.device)?.online === false || gateways.get(place.gateway)?.online === false;
}

interface FedRules {
  /** With the wire time from which each has to be looked at. */
  rules: Map<RuleEntry, number>;
  /** Not before this time is any of them due. */
  nextMs: number;
}

/** Rules that go on with wire time, by the gateways that feed them. */
export class RulesByGateway {
  readonly #plant: Plant;
  readonly #rules = new Map<RuleEntry, number>();
  readonly #byGateway = new Map<string, FedRules>();
  #revision = 0;

  constructor(plant: Plant) {
    this.#plant = plant;
  }

  /** Those that a gateway feeds and that are due by this time. */
  due(gateway: string, atMs: number): RuleEntry[] {
    const fed = this.#fedBy(gateway);
    if (fed === undefined || fed.nextMs > atMs) return [];
    const due: RuleEntry[] = [];
    let nextMs = Infinity;
    for (const [rule, dueMs] of fed.rules) {
      if (dueMs < nextMs) nextMs = dueMs;
      if (dueMs <= atMs) due.push(rule);
    }
    fed.nextMs = nextMs;
    return due;
  }

  /** Whether there may be any. */
  isDue(gateway: string, atMs: number): boolean {
    const fed = this.#fedBy(gateway);
    return fed !== undefined && fed.rules.size > 0 && fed.nextMs <= atMs;
  }

  /** `dueMs`: left out, at once. */
  set(rule: RuleEntry, dueMs = -Infinity): void {
    if (this.#rules.get(rule) === dueMs) return;
    this.#rules.set(rule, dueMs);
    // Of another state of the plant: all are placed anew with the next question.
    if (this.#revision === this.#plant.pointsRevision) this.#place(rule, dueMs);
  }

  delete(rule: RuleEntry): void {
    if (!this.#rules.delete(rule)) return;
    if (this.#revision !== this.#plant.pointsRevision) return;
    for (const gateway of feedsOf(rule, this.#plant).gateways) this.#byGateway.get(gateway)?.rules.delete(rule);
  }

  #fedBy(gateway: string): FedRules | undefined {
    if (this.#revision !== this.#plant.pointsRevision) {
      this.#revision = this.#plant.pointsRevision;
      this.#byGateway.clear();
      for (const [rule, dueMs] of this.#rules) this.#place(rule, dueMs);
    }
    return this.#byGateway.get(gateway);
  }

  #place(rule: RuleEntry, dueMs: number): void {
    const { gateways } = feedsOf(rule, this.#plant);
    // Of several gateways one may fall behind at any time.
    const fromMs = gateways.length > 1 ? -Infinity : dueMs;
    for (const gateway of gateways) {
      const fed = this.#byGateway.get(gateway);
      if (fed === undefined) this.#byGateway.set(gateway, { rules: new Map([[rule, fromMs]]), nextMs: fromMs });
      else {
        fed.rules.set(rule, fromMs);
        if (fromMs < fed.nextMs) fed.nextMs = fromMs;
      }
    }
  }
}
