import type { Block, Fill } from '../registers.ts';

export interface RigDevice {
  /** 1 to 254, what its registers say. */
  index: number;
  /** Device and equipment id in the gateway file. */
  id: string;
  line: string;
  unit: number;
  blocks: readonly Block[];
  /** `holes`: only reads that touch no missing register are answered, as `blocks` says; the profile reads over the hole all the same. */
  profile: 'three-blocks' | 'three-blocks-lenient' | 'one-block' | 'holed';
  /** Requests that have come for it, answered or not. */
  requests: number;
}

/** UTC ms of the line's next request; undefined: there has been none. */
export interface Turn {
  overAtMs?: number;
}

/** One reply frame with registers in it: what was served, when, and whether a gateway may believe it. */
export interface Serving {
  device: RigDevice;
  counter: number;
  code: number;
  start: number;
  count: number;
  points: readonly number[];
  fill: Fill;
  /**
   * `never`: damaged, or no answer to what was asked. `late`: after the time-out, so that only a gateway that stood still and has not
   * given the request up yet may take it.
   */
  mayStore: 'yes' | 'late' | 'never';
  /** The request that it answers; over when the line has been asked the next one. */
  turn: Turn;
  /** Fault that was on when it was made; `none`: the device was healthy. */
  fault: string;
  /** How many requests the device had been asked when this one came. */
  requestNumber: number;
  /** UTC ms. */
  requestedAtMs: number;
  /** UTC ms of the write of its last byte; undefined: it never left. */
  sentAtMs?: number;
}
