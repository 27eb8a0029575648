import type { FaultyWire } from '../faults/faulty-wire.ts';
import type { Building } from '../model/building.ts';
import type { SaidSource } from '../wire/device/said-values.ts';
import type { ReadState } from '../wire/device/served-device.ts';
import type { WireFault } from '../wire/wire-fault.ts';

/** What the wires ask: what the devices say, what befalls them, and what may be set. */
export interface WireSource extends SaidSource {
  /** Rises whenever values may have changed. */
  readonly revision: number;
  readonly wire: FaultyWire;
  /** For devices whose words are more than points. */
  readonly building: Building;
  /** How to read all that devices say of an equipment. */
  stateOf(equipment: string): ReadState;
  /** Of a device that serves this equipment. */
  wireFault(equipment: readonly string[]): WireFault | undefined;
  /** False: there is no such thing to set. */
  setValue(equipment: string, point: string, value: number | boolean): boolean;
}
