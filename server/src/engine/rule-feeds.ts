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
}

/** Hot path: looked up once per rule, and again when points of the plant have changed. */
export function feedsOf(entry: RuleEntry, plant: Plant): Feeds {
  const held = entry.feeds;
  if (held !== null && held.revision === plant.pointsRevision) return held;
  const places = (entry.plan?.points ?? [entry.definition.source]).map((point) => plant.points.get(point));
  const gateways = [...new Set(places.flatMap((place) => place?.gateway ?? []))];
  entry.feeds = { revision: plant.pointsRevision, places, gateways };
  return entry.feeds;
}

/** Rules by the gateways that feed them, in the order in which they were added. */
export class RulesByGateway {
  readonly #plant: Plant;
  readonly #rules = new Set<RuleEntry>();
  readonly #byGateway = new Map<string, Set<RuleEntry>>();
  #revision = 0;

  constructor(plant: Plant) {
    this.#plant = plant;
  }

  all(): ReadonlySet<RuleEntry> {
    return this.#rules;
  }

  of(gateway: string): ReadonlySet<RuleEntry> {
    if (this.#revision !== this.#plant.pointsRevision) {
      this.#revision = this.#plant.pointsRevision;
      this.#byGateway.clear();
      for (const rule of this.#rules) this.#place(rule);
    }
    return this.#byGateway.get(gateway) ?? none;
  }

  add(rule: RuleEntry): void {
    if (this.#rules.has(rule)) return;
    this.#rules.add(rule);
    // Of another state of the plant: all are placed anew with the next question.
    if (this.#revision === this.#plant.pointsRevision) this.#place(rule);
  }

  delete(rule: RuleEntry): void {
    if (!this.#rules.delete(rule)) return;
    if (this.#revision !== this.#plant.pointsRevision) return;
    for (const gateway of feedsOf(rule, this.#plant).gateways) this.#byGateway.get(gateway)?.delete(rule);
  }

  #place(rule: RuleEntry): void {
    for (const gateway of feedsOf(rule, this.#plant).gateways) {
      const rules = this.#byGateway.get(gateway);
      if (rules === undefined) this.#byGateway.set(gateway, new Set([rule]));
      else rules.add(rule);
    }
  }
}

const none: ReadonlySet<RuleEntry> = new Set();
