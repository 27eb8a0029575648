import type { Random } from '../random.ts';
import type { Tick } from '../tick.ts';
import type { ElevatorGroup } from './group.ts';

/** What the parts of one step share. Group and cars in it are copies of this step's own, to be changed in place. */
export interface Step {
  tick: Tick;
  dtS: number;
  /** Once a second: traffic, orders, wear and heat. */
  isSecond: boolean;
  random: Random;
  group: ElevatorGroup;
  /** Lowest phase voltage at the feeder, per unit. */
  supply: number;
  /** Mean of the phase voltages, per unit. */
  supplyMean: number;
}
