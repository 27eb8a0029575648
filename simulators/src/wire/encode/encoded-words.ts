import type { UnitName } from '@plantroom/contracts';
import type { ByteOrder } from '@plantroom/device-profiles';

/** Words to lay into registers; only the bits set in `mask` belong to the point, the rest of a register is others'. */
export interface EncodedWords {
  words: readonly number[];
  mask: readonly number[];
}

export interface EncodeOptions {
  /** Unit of the class point. */
  classUnit: UnitName;
  /** The profile's byte order; left out: ABCD. */
  order?: ByteOrder;
  /** What the device's own scale registers (`scaleBy`) multiply by; left out: 1. */
  factor?: number;
  /** How far a parameter moves the bit field; left out: 0. */
  bitShift?: number;
}
