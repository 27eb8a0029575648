import type { Wire } from '../wire/frames.ts';
import type { Exchange, Step } from './exchange.ts';

/** A way in which one device misbehaves, for as long as it is on. */
export interface UnitFault {
  name: string;
  wires: readonly Wire[];
  /** What happens after each request; nothing: silence. */
  answer(exchange: Exchange): Step[];
}

export const everyWire: readonly Wire[] = ['tcp', 'lenient', 'rtu'];
export const mbap: readonly Wire[] = ['tcp', 'lenient'];
