/** What shakes a pump, each 0 … 1 but the speed. */
export interface Shaking {
  speed: number;
  /** Shaft power per unit of rated. */
  load: number;
  /** Rolling bearing of the pump: 1 about to seize. */
  wear: number;
  unbalance: number;
  misalignment: number;
  cavitation: number;
  /** No water in it. */
  dry: boolean;
}

export interface Vibration {
  /** RMS 10-1000 Hz, in the direction Z. */
  velocityMmS: number;
  /** Of the strongest component, in turns of the shaft. */
  order: number;
  kurtosis: number;
  hfAccelerationG: number;
}

const resting: Vibration = { velocityMmS: 0.04, order: 0, kurtosis: 2.9, hfAccelerationG: 0.01 };

/** Vanes of an impeller: where cavitation and a worn bearing's broad band peak is of no interest, the vane pass stands out. */
const bearingOrder = 5.4;
const vaneOrder = 7;

/**
 * Steady vibration. Unbalance shakes once a turn and with the square of the speed, misalignment twice a turn; a bearing first rings (high frequency,
 * kurtosis), then shakes, and near its end rattles so evenly that the kurtosis falls again.
 */
export function vibrationOf(cause: Shaking): Vibration {
  const { speed, wear, cavitation } = cause;
  if (speed <= 0) return resting;
  const residual = 0.55 + 0.75 * speed * speed + 0.4 * cause.load;
  const once = residual + 7.5 * cause.unbalance * speed * speed;
  const twice = 0.4 + 7 * cause.misalignment * speed;
  const bearing = 0.3 + 12 * wear * wear * speed;
  const broad = 0.3 + 4.2 * cavitation + (cause.dry ? 2.2 : 0);
  const strongest = Math.max(once, twice, bearing, broad);
  let order = vaneOrder;
  if (strongest === once) order = 1;
  else if (strongest === twice) order = 2;
  else if (strongest === bearing) order = bearingOrder;
  return {
    velocityMmS: Math.sqrt(once * once + twice * twice + bearing * bearing + broad * broad),
    order,
    kurtosis: 3 + 16 * wear * (1 - 0.7 * wear) + 0.8 * cavitation,
    hfAccelerationG: 0.09 + 0.9 * wear ** 0.8 + 0.7 * cavitation + (cause.dry ? 0.15 : 0),
  };
}
