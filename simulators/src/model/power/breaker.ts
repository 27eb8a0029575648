import { lag, type Tick } from '../tick.ts';

/** A feeder's circuit breaker with thermal and magnetic release. */
export interface Breaker {
  /** Heat of the thermal release, 1 at its setting (square of the current, lagged). */
  heat: number;
  open: boolean;
  /** Since its cause is gone, s: then somebody closes it. */
  clearS: number;
}

/** Thermal release of IEC 60947-2: holds at 1.05, opens within two hours at 1.3 times its setting. */
const thermalTauS = 1200;
const tripHeat = 1.2 ** 2;
/** Somebody has looked and closes it again. */
const closeAfterS = 120;

export function newBreaker(): Breaker {
  return { heat: 0.2, open: false, clearS: 0 };
}

/** `load`: current by the setting, one step ago. `held`: opened by order (load shedding), as long as that stands. */
export function stepBreaker(before: Breaker, { id, load, tick }: { id: string; load: number; tick: Tick }): Breaker {
  const heat = lag(before.heat, load * load, { dtS: tick.dtS, tauS: thermalTauS });
  const shorted = tick.fault(id, 'short-circuit') > 0;
  if (shorted || (!before.open && heat > tripHeat)) return { heat, open: true, clearS: 0 };
  if (!before.open) return { heat, open: false, clearS: 0 };
  const clear = heat < 0.7 * tripHeat && tick.fault(id, 'overload') === 0;
  const clearS = clear ? before.clearS + tick.dtS : 0;
  return { heat, open: clearS < closeAfterS, clearS };
}
