import { kpaPerMetre } from './pump-curve.ts';

/** Two chambers that stand in connection; a motor valve fills them from the town main. Volumes in m³ since the model began, flows in m³/h. */
export interface Tank {
  /** In the chambers that are in use. */
  volumeM3: number;
  /** In the chamber that is shut off for cleaning. */
  shutOffM3: number;
  /** One chamber is shut off. */
  cleaning: boolean;
  /** The level electrodes call for water. */
  calls: boolean;
  /** 0 shut … 1 open. */
  valve: number;
  fillM3h: number;
  overflowM3h: number;
  drainM3h: number;
  temperatureC: number;
  filledM3: number;
  drawnM3: number;
  overflowedM3: number;
  /** Let out for cleaning. */
  drainedM3: number;
  /** Reading of the level transmitter, m. */
  readingM: number;
}

export const tankData = {
  /** Both chambers. */
  areaM2: 10,
  callM: 1.7,
  fullM: 2.4,
  overflowM: 3,
  /** At 300 kPa in the town main. */
  fillM3h: 32,
  /** Pumps draw air below it. */
  emptyM: 0.15,
  /** Low-water electrodes that stop the set, and let it run again. */
  stopM: 0.3,
  releaseM: 0.7,
} as const;

/** Rim of the overflow pipe as a weir, m³/h per m^1.5. */
const weir = 550;
const valveTravelS = 30;
/** The inlet lies above the water. */
const inletHeadKpa = 30;
const cleaningDrainM3h = 8;
const cleaningFillM3h = 20;
/** Of the room through the walls, 1/s. */
const wallPerS = 1 / (5 * 86_400);

function areaOf(tank: Tank): number {
  return tank.cleaning ? tankData.areaM2 / 2 : tankData.areaM2;
}

export function levelOf(tank: Tank): number {
  return tank.volumeM3 / areaOf(tank);
}

export function newTank(levelM: number, temperatureC: number): Tank {
  return {
    volumeM3: levelM * tankData.areaM2,
    shutOffM3: 0,
    cleaning: false,
    calls: false,
    valve: 0,
    fillM3h: 0,
    overflowM3h: 0,
    drainM3h: 0,
    temperatureC,
    filledM3: 0,
    drawnM3: 0,
    overflowedM3: 0,
    drainedM3: 0,
    readingM: levelM,
  };
}

export interface TankInput {
  /** Net flow to the pumps; negative: back through a check valve. */
  drawM3h: number;
  mainKpa: number;
  mainC: number;
  roomC: number;
  /** Valve stuck fully open or shut; else it follows the electrodes. */
  stuck: 'open' | 'shut' | undefined;
  cleaning: boolean;
  /** Error of the level transmitter, m. */
  driftM: number;
  dtS: number;
}

export function stepTank(before: Tank, input: TankInput): Tank {
  const { dtS } = input;
  const hours = dtS / 3600;
  const { tank, refilledM3 } = chambers(before, input, hours);
  const level = levelOf(tank);
  const calls = level < tankData.callM || (tank.calls && level < tankData.fullM);
  const goal = input.stuck === undefined ? Number(calls) : Number(input.stuck === 'open');
  const travel = dtS / valveTravelS;
  const valve = tank.valve + Math.max(-travel, Math.min(travel, goal - tank.valve));
  const fillM3h =
    tankData.fillM3h * valve * Math.sqrt(Math.max(0, input.mainKpa - inletHeadKpa) / (300 - inletHeadKpa));
  const over = Math.max(0, level - tankData.overflowM);
  const wet = tank.volumeM3 + (fillM3h - input.drawM3h) * hours;
  const overflowM3h = Math.min(weir * over ** 1.5, Math.max(0, wet) / hours);
  const drainM3h = input.cleaning ? Math.min(cleaningDrainM3h, tank.shutOffM3 / hours) : 0;
  const volumeM3 = wet - overflowM3h * hours;
  const filled = fillM3h * hours;
  return {
    ...tank,
    calls,
    valve,
    fillM3h,
    overflowM3h,
    drainM3h,
    volumeM3,
    shutOffM3: tank.shutOffM3 - drainM3h * hours,
    temperatureC:
      (tank.temperatureC * tank.volumeM3 + input.mainC * filled) / (tank.volumeM3 + filled) +
      (input.roomC - tank.temperatureC) * wallPerS * dtS,
    filledM3: tank.filledM3 + filled + refilledM3,
    drawnM3: tank.drawnM3 + input.drawM3h * hours,
    overflowedM3: tank.overflowedM3 + overflowM3h * hours,
    drainedM3: tank.drainedM3 + drainM3h * hours,
    readingM: volumeM3 / areaOf(tank) + input.driftM,
  };
}

/** Shuts a chamber off with its half of the water; after cleaning it is filled by hand up to the level of the other before both are joined again. */
function chambers(tank: Tank, { cleaning, mainKpa }: TankInput, hours: number): { tank: Tank; refilledM3: number } {
  if (cleaning && !tank.cleaning) {
    const halfM3 = tank.volumeM3 / 2;
    return { tank: { ...tank, cleaning: true, volumeM3: halfM3, shutOffM3: halfM3 }, refilledM3: 0 };
  }
  if (cleaning || !tank.cleaning) return { tank, refilledM3: 0 };
  const lackM3 = tank.volumeM3 - tank.shutOffM3;
  if (lackM3 <= 0) {
    const joined = { ...tank, cleaning: false, volumeM3: tank.volumeM3 + tank.shutOffM3, shutOffM3: 0 };
    return { tank: joined, refilledM3: 0 };
  }
  const refilledM3 = mainKpa > inletHeadKpa ? Math.min(lackM3, cleaningFillM3h * hours) : 0;
  return { tank: { ...tank, shutOffM3: tank.shutOffM3 + refilledM3 }, refilledM3 };
}

/** Hydrostatic pressure of the level, kPa. */
export function headKpa(levelM: number): number {
  return levelM * kpaPerMetre;
}
