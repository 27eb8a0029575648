/** One car of the group. SI units. */
export const shaft = {
  floors: 14,
  floorHeightM: 3.6,
  ratedSpeedMs: 1.75,
  accelerationMs2: 0.8,
  capacityPersons: 13,
  ratedLoadKg: 1000,
} as const;

export const doorTimes = { openingS: 2.4, holdS: 4, closingS: 3 } as const;

export type CarPhase = 'idle' | 'moving' | 'opening' | 'open' | 'closing' | 'stopped';

/** NICE3000+ fault numbers (E41 …); 0: none. */
export const faultCodes = { none: 0, safetyCircuit: 41, doorClose: 49, doorLock: 53 } as const;

export interface Car {
  id: string;
  /** Above the lowest landing. */
  positionM: number;
  /** Upwards positive. */
  velocityMs: number;
  phase: CarPhase;
  phaseS: number;
  /** 0 closed to 1 open. */
  door: number;
  /** The way it serves calls in. */
  direction: -1 | 0 | 1;
  /** Landing it drives to, 1 … floors; 0: none. */
  targetFloor: number;
  /** Destinations of the riders, one entry each. */
  riders: number[];
  faultCode: number;
  lastFaultCode: number;
  /** Closing attempts in a row that met an obstacle. */
  reopened: number;
  obstructed: boolean;
  starts: number;
  runS: number;
  doorCycles: number;
  powerW: number;
  energyKwh: number;
  currentA: number;
  heatsinkC: number;
}

export function newCar(id: string, floor: number, history: { starts: number; runS: number; energyKwh: number }): Car {
  return {
    id,
    positionM: (floor - 1) * shaft.floorHeightM,
    velocityMs: 0,
    phase: 'idle',
    phaseS: 0,
    door: 0,
    direction: 0,
    targetFloor: 0,
    riders: [],
    faultCode: 0,
    lastFaultCode: 0,
    reopened: 0,
    obstructed: false,
    doorCycles: history.starts,
    powerW: 350,
    currentA: 0,
    heatsinkC: 32,
    ...history,
  };
}

/** Landing nearest to the car, 1 … floors. */
export function floorOf(car: Car): number {
  return Math.round(car.positionM / shaft.floorHeightM) + 1;
}

export function heightOf(floor: number): number {
  return (floor - 1) * shaft.floorHeightM;
}

export function atLanding(car: Car): boolean {
  return Math.abs(car.positionM - heightOf(floorOf(car))) < 0.01;
}
