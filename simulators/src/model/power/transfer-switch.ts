/** Automatic transfer switch of the emergency busbar (GB/T 14048.11): grid or generator; both only while it closes over. */
export interface TransferSwitch {
  position: 'grid' | 'off' | 'generator';
  /** How long the grid has been good, and how long not, s. */
  goodS: number;
  badS: number;
}

/** A mains failure counts after this, so that dips start nothing. */
export const mainsFailS = 3;
/** The grid must have been good for so long before the load goes back. */
export const retransferS = 120;
const low = 0.85 * 220;
const high = 1.15 * 220;
/** Sources that differ by less are synchronised and closed over without a break. */
const syncHz = 0.3;
const syncV = 15;

export function newTransferSwitch(): TransferSwitch {
  return { position: 'grid', goodS: retransferS, badS: 0 };
}

/** What a source offers. */
interface Offer {
  voltsV: readonly number[];
  frequencyHz: number;
}

export interface TransferInput {
  grid: Offer;
  generator: Offer & { isReady: boolean };
  testOnLoad: boolean;
  dtS: number;
}

/**
 * To the generator when that is ready and the grid is bad, or a test asks for it; back when the grid has been good long enough, or the
 * generator fails. Between two good sources it closes over; from a dead one it goes through off, a step long.
 */
export function stepTransferSwitch(before: TransferSwitch, input: TransferInput): TransferSwitch {
  const { grid, generator, testOnLoad, dtS } = input;
  const good = isUsable(grid.voltsV);
  const goodS = good ? before.goodS + dtS : 0;
  const badS = good ? 0 : before.badS + dtS;
  const inSync = good && generator.isReady && isInSync(grid, generator);
  const toGenerator = generator.isReady && (badS >= mainsFailS || (testOnLoad && inSync));
  const toGrid = good && (!generator.isReady || (!testOnLoad && goodS >= retransferS));
  return { position: next(before.position, { toGenerator, toGrid, inSync, ...generator }), goodS, badS };
}

function next(
  position: TransferSwitch['position'],
  want: { toGenerator: boolean; toGrid: boolean; inSync: boolean; isReady: boolean },
): TransferSwitch['position'] {
  const { toGenerator, toGrid, inSync } = want;
  if (position === 'generator') {
    if (!toGrid && want.isReady) return 'generator';
    return toGrid && inSync ? 'grid' : 'off';
  }
  if (position === 'grid') {
    if (!toGenerator) return 'grid';
    return inSync ? 'generator' : 'off';
  }
  if (toGenerator) return 'generator';
  return toGrid ? 'grid' : 'off';
}

/** All three phases between 85 and 115 % of 220 V. */
function isUsable(volts: readonly number[]): boolean {
  return volts.every((v) => v > low && v < high);
}

function isInSync(a: Offer, b: Offer): boolean {
  return Math.abs(a.frequencyHz - b.frequencyHz) < syncHz && Math.abs((a.voltsV[0] ?? 0) - (b.voltsV[0] ?? 0)) < syncV;
}
