/** Automatic transfer switch of the emergency busbar (ATSE, GB/T 14048.11): grid or generator, never both. */
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

export function newTransferSwitch(): TransferSwitch {
  return { position: 'grid', goodS: retransferS, badS: 0 };
}

/** All three phases between 85 and 115 % of 220 V. */
export function isUsable(volts: readonly number[]): boolean {
  return volts.every((v) => v > low && v < high);
}

/**
 * Goes over through off, one step long. To the generator when that is ready and either the grid is bad or a test on load asks for it;
 * back when the grid has been good long enough.
 */
export function stepTransferSwitch(
  before: TransferSwitch,
  see: { gridV: readonly number[]; generatorReady: boolean; testOnLoad: boolean; dtS: number },
): TransferSwitch {
  const good = isUsable(see.gridV);
  const goodS = good ? before.goodS + see.dtS : 0;
  const badS = good ? 0 : before.badS + see.dtS;
  const toGenerator = see.generatorReady && (badS >= mainsFailS || see.testOnLoad);
  // A test is over at once; after a failure the grid has to prove itself. A generator that fails leaves no choice.
  const toGrid = good && !see.testOnLoad && (goodS >= retransferS || !see.generatorReady);
  return { position: next(before.position, { toGenerator, toGrid, generatorReady: see.generatorReady }), goodS, badS };
}

function next(
  position: TransferSwitch['position'],
  want: { toGenerator: boolean; toGrid: boolean; generatorReady: boolean },
): TransferSwitch['position'] {
  if (position === 'generator') return want.toGrid || !want.generatorReady ? 'off' : 'generator';
  if (position === 'grid') return want.toGenerator ? 'off' : 'grid';
  if (want.toGenerator) return 'generator';
  return want.toGrid ? 'grid' : 'off';
}
