import type { Clock, PointValue } from '@plantroom/contracts';
import type { SaidPoint } from '../wire/device/said-values.ts';
import { faultyValue } from '../wire/value-fault.ts';
import type { ConnectionFault, WireFault } from '../wire/wire-fault.ts';
import type { FaultBoard } from './fault-board.ts';
import { connectionFaultOf, isRefused, valueFaultsOf, wireFaultOf } from './wire-faults.ts';

/** What the faults that are on make of the wire at this moment. */
export class FaultyWire {
  readonly #faults: FaultBoard;
  readonly #clock: Clock;

  constructor(faults: FaultBoard, clock: Clock) {
    this.#faults = faults;
    this.#clock = clock;
  }

  /** Of a device that serves this equipment. */
  wireFault(equipment: readonly string[]): WireFault | undefined {
    const { active } = this.#faults;
    return active.length === 0 ? undefined : wireFaultOf(equipment, active, this.#clock.nowMs());
  }

  /** Of a connection over which this equipment is read. */
  connectionFault(equipment: readonly string[]): ConnectionFault | undefined {
    const { active } = this.#faults;
    return active.length === 0 ? undefined : connectionFaultOf(equipment, active, this.#clock.nowMs());
  }

  /** Whether devices refuse the registers of a point; undefined: they refuse none. */
  refusal(): ((equipment: string, point: string) => boolean) | undefined {
    const { active } = this.#faults;
    return active.length === 0 ? undefined : (equipment, point) => isRefused(equipment, point, active);
  }

  /** No fault at all is on for this equipment. */
  isSound(equipment: string): boolean {
    for (const one of this.#faults.active) if (one.equipment === equipment) return false;
    return true;
  }

  /** What the device says of a point that truly holds `value`. */
  said(value: PointValue, at: { equipment: string; point: string }, about: SaidPoint): PointValue {
    const faults = this.#faults;
    if (faults.active.length === 0) return value;
    const { equipment, point } = at;
    const nowMs = this.#clock.nowMs();
    const found = valueFaultsOf(
      { equipment, point, ...about, nowMs, held: (active) => faults.held(active, point, value) },
      faults.active,
    );
    const id = `${equipment}/${point}`;
    return found.reduce((so, fault) => faultyValue(so, fault, { id, nowMs, range: about.range }), value);
  }
}
