/** What a car is built of. SI units; one shaft height for the whole group. */
export const shaft = { floors: 14, floorHeightM: 3.6 } as const;

/** Landing 1 is the basement, 2 the lobby: the main floor of fire recall. */
export const lobbyFloor = 2;

export type CarKind = 'passenger' | 'goods';

export interface Machine {
  ratedSpeedMs: number;
  accelerationMs2: number;
  jerkMs3: number;
  capacityPersons: number;
  ratedLoadKg: number;
  /** Car, counterweight, ropes, and the turning parts as seen at the rope, without load. */
  movingMassKg: number;
  /** Guides and bearings. */
  frictionN: number;
  /** Drive output current at the rated force. */
  ratedCurrentA: number;
  door: { openingS: number; closingS: number };
}

/** Machine-room traction lifts with gearless motors, as office towers of 50 m have them. */
export const machines: Readonly<Record<CarKind, Machine>> = {
  passenger: {
    ratedSpeedMs: 1.75,
    accelerationMs2: 0.8,
    jerkMs3: 1,
    capacityPersons: 13,
    ratedLoadKg: 1000,
    movingMassKg: 3400,
    frictionN: 650,
    ratedCurrentA: 25,
    door: { openingS: 2.4, closingS: 3 },
  },
  goods: {
    ratedSpeedMs: 1,
    accelerationMs2: 0.5,
    jerkMs3: 0.7,
    capacityPersons: 26,
    ratedLoadKg: 2000,
    movingMassKg: 6200,
    frictionN: 1100,
    ratedCurrentA: 33,
    door: { openingS: 3.4, closingS: 4.2 },
  },
};

export const gravityMs2 = 9.81;
/** The counterweight balances the car with this share of the rated load (GB/T 10058: 0.4 to 0.5). */
export const balance = 0.45;
/** Above it the car passes landing calls by; above the second the controller does not close the doors (GB/T 7588.1: 110 %). */
export const fullShare = 0.8;
export const overloadShare = 1.1;
/** Doors may open within it (GB/T 7588.1 allows ±0.2 m, less here). */
export const doorZoneM = 0.15;

/** Force at the rope with the rated load and no acceleration. */
export function ratedForceN(machine: Machine): number {
  return (1 - balance) * machine.ratedLoadKg * gravityMs2 + machine.frictionN;
}

export function heightOf(floor: number): number {
  return (floor - 1) * shaft.floorHeightM;
}

export const topM = heightOf(shaft.floors);
