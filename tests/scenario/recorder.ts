import type { PointValue } from '@plantroom/contracts';
import { parseDuration } from '@plantroom/device-profiles';
import type { Scenario } from './file/schema.ts';
import type { ScenarioLine } from './line/scenario-line.ts';

/** True values of one equipment at one time. */
export interface Sample {
  /** Since the start of the scenario, ms. */
  atMs: number;
  /** `<equipment>/<point>` → value in the class's unit. */
  values: Record<string, PointValue>;
  /** `<fault> of <equipment>` → how far it has grown, 0..1. */
  levels: Record<string, number>;
}

/** So many samples of a scenario at most: a day is sampled by the minute, a week by ten. */
const mostSamples = 1500;
const leastPeriodMs = 10_000;
const grid = [10, 30, 60, 300, 600, 1800, 3600].map((s) => s * 1000);

/** What was really so, beside what the alarms say of it: the equipment that a scenario is about, at even times. */
export class Recorder {
  readonly samples: Sample[] = [];
  readonly periodMs: number;
  readonly #equipment: ReadonlySet<string>;
  /** By equipment and point; making them anew for each sample would take most of its time. */
  readonly #names = new Map<string, Map<string, string>>();

  constructor({ duration, settle, faults, activities = [], expect }: Scenario) {
    const wholeMs = parseDuration(duration) + parseDuration(settle);
    this.periodMs = grid.find((ms) => wholeMs / ms <= mostSamples) ?? Math.max(leastPeriodMs, wholeMs / mostSamples);
    this.#equipment = new Set([
      ...[...faults, ...activities].map(({ equipment }) => equipment),
      ...expect.alarms.flatMap(({ alarm }) => (alarm.includes('/') ? [alarm.slice(0, alarm.indexOf('/'))] : [])),
    ]);
  }

  sample({ building, faults }: ScenarioLine, { atMs, nowMs }: { atMs: number; nowMs: number }): void {
    const values: Record<string, PointValue> = {};
    for (const id of this.#equipment) {
      const said = building.valuesOf(id);
      for (const [point, name] of this.#namesOf(id, said)) values[name] = said[point] ?? null;
    }
    const levels: Record<string, number> = {};
    for (const active of faults.active) levels[`${active.fault} of ${active.equipment}`] = faults.level(active, nowMs);
    this.samples.push({ atMs, values, levels });
  }

  /** An equipment has the same points all the time. */
  #namesOf(id: string, values: Readonly<Record<string, PointValue>>): Map<string, string> {
    let names = this.#names.get(id);
    if (names === undefined) {
      names = new Map(Object.keys(values).map((point) => [point, `${id}/${point}`]));
      this.#names.set(id, names);
    }
    return names;
  }
}
