import type { Clock, PointValue } from '@plantroom/contracts';
import type { FaultBoard } from '../faults/fault-board.ts';
import { FaultyWire } from '../faults/faulty-wire.ts';
import type { Building } from '../model/building.ts';
import type { BuildingRunner } from '../model/building-runner.ts';
import type { PointReaders } from '../model/points/building-points.ts';
import type { PointValues } from '../model/points/point-values.ts';
import type { SaidPoint } from '../wire/device/said-values.ts';
import type { ReadPoint, ReadState } from '../wire/device/served-device.ts';
import type { WireFault } from '../wire/wire-fault.ts';
import type { WireSource } from './wire-source.ts';

export interface BuildingSourceOptions {
  runner: BuildingRunner;
  readers: PointReaders;
  faults: FaultBoard;
  clock: Clock;
}

/** What the wires ask the model: point values, and faults of the wire. */
export class BuildingSource implements WireSource {
  readonly #options: BuildingSourceOptions;
  /** Faults of the wire. */
  readonly wire: FaultyWire;

  constructor(options: BuildingSourceOptions) {
    this.#options = options;
    this.wire = new FaultyWire(options.faults, options.clock);
  }

  get revision(): number {
    return this.#options.runner.revision;
  }

  setValue(equipment: string, point: string, value: number | boolean): boolean {
    return this.#options.runner.setPoint(equipment, point, value);
  }

  /** For devices whose words are more than points. */
  get building(): Building {
    return this.#options.runner.building;
  }

  wireFault(equipment: readonly string[]): WireFault | undefined {
    const { panel } = this.building.fire;
    // Neither mains nor battery: dark.
    if (!panel.powered && equipment.includes(panel.id)) return { kind: 'silence' };
    return this.wire.wireFault(equipment);
  }

  /** What the device says of a point, which a fault of the wire makes another than the model's. */
  saidReader(equipment: string, point: string, about: SaidPoint): ReadPoint {
    const { wire } = this;
    const { runner, readers } = this.#options;
    const read = readers.get(equipment);
    if (read === undefined) return () => undefined;
    const at = { equipment, point };
    return () => {
      const value = read(runner.building)[point];
      return value === undefined ? undefined : wire.said(value, at, about);
    };
  }

  /** The model's values, which are worked out anew only when it has changed; none while a fault befalls the equipment. */
  stateOf(equipment: string): ReadState {
    const { wire } = this;
    const { runner, readers } = this.#options;
    const read = readers.get(equipment);
    if (read === undefined) return () => undefined;
    return () => (wire.isSound(equipment) ? read(runner.building) : undefined);
  }

  /** True values of all points of an equipment; none where there is no such equipment. */
  valuesOf(equipment: string): PointValues {
    const { runner, readers } = this.#options;
    return readers.get(equipment)?.(runner.building) ?? {};
  }

  everything(): { timeMs: number; equipment: Record<string, Record<string, PointValue>> } {
    const equipment: Record<string, Record<string, PointValue>> = {};
    for (const id of this.#options.readers.keys()) equipment[id] = { ...this.valuesOf(id) };
    return { timeMs: this.#options.runner.building.timeMs, equipment };
  }
}
