/** Moist air at sea level. Humidity ratio in kg of water per kg of dry air; temperatures in °C, enthalpy in J per kg of dry air. */
export const airHeatJPerKgK = 1006;

export const airDensityKgM3 = 1.2;
export const waterHeatJPerKgK = 4186;
export const evaporationJPerKg = 2.501e6;
const vapourHeatJPerKgK = 1860;
const atmospherePa = 101_325;

/** Saturation pressure over water, Pa (Magnus). */
export function saturationPa(celsius: number): number {
  return 611.2 * Math.exp((17.62 * celsius) / (243.12 + celsius));
}

export function saturationRatio(celsius: number): number {
  const pressure = saturationPa(celsius);
  return (0.622 * pressure) / (atmospherePa - pressure);
}

export function ratioOf(celsius: number, relativePct: number): number {
  const pressure = (saturationPa(celsius) * relativePct) / 100;
  return (0.622 * pressure) / (atmospherePa - pressure);
}

/** Relative humidity, %, at most 100. */
export function relativePct(celsius: number, ratio: number): number {
  const pressure = (atmospherePa * ratio) / (0.622 + ratio);
  return Math.min(100, (100 * pressure) / saturationPa(celsius));
}

export function enthalpy(celsius: number, ratio: number): number {
  return airHeatJPerKgK * celsius + ratio * (evaporationJPerKg + vapourHeatJPerKgK * celsius);
}

/** The temperature at which air of this ratio has this enthalpy. */
export function temperatureOf(enthalpyJPerKg: number, ratio: number): number {
  return (enthalpyJPerKg - ratio * evaporationJPerKg) / (airHeatJPerKgK + vapourHeatJPerKgK * ratio);
}

/** Wet-bulb temperature (Stull 2011; within 1 K between 5 and 99 % and -20 and 50 °C). */
export function wetBulbC(celsius: number, rh: number): number {
  return (
    celsius * Math.atan(0.151977 * Math.sqrt(rh + 8.313659)) +
    Math.atan(celsius + rh) -
    Math.atan(rh - 1.676331) +
    0.00391838 * rh ** 1.5 * Math.atan(0.023101 * rh) -
    4.686035
  );
}

/** A stream of air in a duct. */
export interface Stream {
  kgS: number;
  c: number;
  ratio: number;
  co2Ppm: number;
}
