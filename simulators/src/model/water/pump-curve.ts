/** A vertical multistage pump of 5.5 kW at 2900 r/min; heads as pressure, so that no density is needed. */
export const pumpCurve = {
  /** Head at rated speed and no flow, kPa. */
  shutoffKpa: 1060,
  /** Fall of the head with the square of the flow, kPa/(m³/h)². */
  slope: 2,
  /** Flow of best efficiency at rated speed, m³/h. */
  bestM3h: 14,
  /** Shaft power at rated speed: at no flow, and what is added at the best flow, W. */
  idleW: 1900,
  flowW: 2040,
  /** Bearings, seal and coupling at rated speed, W. */
  frictionW: 60,
} as const;

/** Below it the head grows straight and not with the root, m³/h would jump there; kPa. */
const softKpa = 2;

/**
 * Flow of one of `together` equal pumps against a pressure rise, m³/h, by the affinity laws. `head`: share of the head that wear, air and
 * cavitation leave; `suctionLoss`: kPa/(m³/h)² of the common suction pipe. Never back: that is the check valve's business.
 */
export function flowAgainst(
  riseKpa: number,
  speed: number,
  { head, suctionLoss, together }: { head: number; suctionLoss: number; together: number },
): number {
  const excess = pumpCurve.shutoffKpa * speed * speed * head - riseKpa;
  if (excess <= 0) return 0;
  return excess / Math.sqrt((pumpCurve.slope + suctionLoss * together * together) * (excess + softKpa));
}

/** Shaft power of the water, W: with the cube of the speed, rising with the flow. `speed` per unit of rated. */
export function waterSideW(flowM3h: number, speed: number): number {
  if (speed <= 0) return 0;
  const share = Math.max(0, flowM3h) / (speed * pumpCurve.bestM3h);
  return speed ** 3 * (pumpCurve.idleW + pumpCurve.flowW * share);
}

/** Net positive suction head that the first impeller asks, m. */
function npshNeededM(flowM3h: number): number {
  return 1.6 + 0.011 * flowM3h * flowM3h;
}

const atmosphereKpa = 101.3;
/** Vapour pressure of water at 25 °C. */
const vapourKpa = 3.2;
export const kpaPerMetre = 9.80665;

/** What the suction side offers, m. `inletKpa`: gauge. */
function npshOfferedM(inletKpa: number): number {
  return (inletKpa + atmosphereKpa - vapourKpa) / kpaPerMetre;
}

/** 0 none … 1 full cavitation: begins half a metre above what is needed, where the head falls by 3 % in manufacturers' tests. */
export function cavitation(flowM3h: number, inletKpa: number): number {
  const lackM = npshNeededM(flowM3h) + 0.5 - npshOfferedM(inletKpa);
  return Math.min(1, Math.max(0, lackM / 3));
}
