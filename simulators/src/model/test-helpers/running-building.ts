import { VirtualClock } from '@plantroom/contracts';
import { FaultBoard } from '../../faults/fault-board.ts';
import { type Building, newBuilding } from '../building.ts';
import { BuildingRunner } from '../building-runner.ts';
import { demoBuilding } from '../building-spec.ts';
import type { FireZoneSpec } from '../fire/fire.ts';
import { pointReaders } from '../points/building-points.ts';
import type { PointValues } from '../points/point-values.ts';

/** A Tuesday, 10:00 in Shanghai. */
export const tuesdayAtTenMs = Date.UTC(2026, 2, 3, 2);

const zones: readonly FireZoneSpec[] = ['b1', 'pump-room', 'lobby', 'low', 'high', 'roof'].map((name, i) => ({
  id: `fire-zone-${name}`,
  detectors: Array.from({ length: 6 }, (_, place) => 10 * i + place + 1),
}));

/** The demo building with six detectors in each zone, on a clock of its own. */
export class RunningBuilding {
  readonly clock: VirtualClock;
  readonly spec = demoBuilding(zones);
  readonly #runner: BuildingRunner;
  readonly #faults: FaultBoard;
  readonly #readers = pointReaders(this.spec);

  constructor({ seed = 7, startMs = tuesdayAtTenMs } = {}) {
    const { power, fire } = this.spec;
    const classes = new Map<string, string>([
      ...[power.incomer, ...power.feeders.map(({ id }) => id)].map((id) => [id, 'power-meter'] as const),
      [power.generator, 'generator'],
      [power.ups, 'ups'],
      [fire.panel, 'fire-panel'],
      ...fire.zones.map(({ id }) => [id, 'fire-zone'] as const),
    ]);
    this.clock = new VirtualClock(startMs);
    this.#faults = new FaultBoard(classes);
    this.#runner = new BuildingRunner({
      spec: this.spec,
      building: newBuilding(this.spec, seed, startMs),
      faults: this.#faults,
      clock: this.clock,
    });
    this.#runner.start();
  }

  get now(): Building {
    return this.#runner.building;
  }

  points(equipment: string): PointValues {
    const read = this.#readers.get(equipment);
    if (read === undefined) throw new Error(`no equipment ${equipment}`);
    return read(this.now);
  }

  number(equipment: string, point: string): number {
    return Number(this.points(equipment)[point]);
  }

  on(equipment: string, fault: string, severity = 1): void {
    this.#faults.set({ equipment, fault, severity }, this.clock.nowMs());
  }

  off(fault: string): void {
    for (const { id } of this.#faults.active.filter((active) => active.fault === fault)) this.#faults.clear(id);
  }

  /** `look` is called after each second. */
  pass(seconds: number, look: () => void = () => undefined): void {
    for (let s = 0; s < seconds; s++) {
      this.clock.advance(1000);
      look();
    }
  }

  /** Seconds until it is so; fails after `atMost`. */
  until(isSo: () => boolean, atMost: number): number {
    for (let s = 1; s <= atMost; s++) {
      this.clock.advance(1000);
      if (isSo()) return s;
    }
    throw new Error(`not so within ${atMost} s`);
  }
}
