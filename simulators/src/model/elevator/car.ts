import { type Condition, soundCondition } from './condition.ts';
import { stopOf } from './fault-codes.ts';
import { type CarKind, doorZoneM, heightOf, lobbyFloor, type Machine, machines, shaft } from './machine.ts';

export interface CarSpec {
  id: string;
  kind: CarKind;
}

/** idle: rests with shut doors; halted: a fault holds it, wherever it is. */
export type CarPhase = 'idle' | 'moving' | 'opening' | 'open' | 'closing' | 'halted';

/** Who commands the car. levelling: creeps to the next landing after a fault. */
export type CarService =
  | 'group'
  | 'levelling'
  | 'independent'
  | 'attendant'
  | 'inspection'
  | 'locked'
  | 'emergency-power'
  | 'fire-return'
  | 'firefighter';

/** Somebody in the car. */
export interface Rider {
  to: number;
  /** With what is carried. */
  kg: number;
}

/** Plain data: it lies in the snapshot. */
export interface Car {
  id: string;
  kind: CarKind;
  service: CarService;
  /** The controller's fire input: linkage of the panel, or the switch at the main floor. */
  fireInput: boolean;
  phase: CarPhase;
  phaseS: number;
  /** Has rested with nothing to do for the whole of the last second, and is stepped once a second. */
  resting: boolean;
  /** Above the lowest landing. */
  positionM: number;
  /** Upwards positive. */
  velocityMs: number;
  accelerationMs2: number;
  /** The run under way: where it began and ends, since when, and its highest speed. */
  fromM: number;
  toM: number;
  tripS: number;
  tripSpeedMs: number;
  /** Landing it drives to, 1 … floors; 0: none. */
  targetFloor: number;
  /** The way it serves calls in. */
  direction: -1 | 0 | 1;
  /** 0 closed to 1 open. */
  door: number;
  /** Seconds for which the door is still to stand open. */
  dwellS: number;
  /** Somebody or something is between the door panels. */
  curtain: boolean;
  /** How long that has lasted. */
  blockedS: number;
  /** Closes slowly and with the buzzer, whatever the light curtain says. */
  nudging: boolean;
  /** Closing attempts in a row that met an obstacle or no lock. */
  reopened: number;
  reopenings: number;
  doorCycles: number;
  riders: Rider[];
  loadKg: number;
  overload: boolean;
  faultCode: number;
  lastFaultCode: number;
  /** Since the cause of the fault is gone. */
  clearedS: number;
  /** How long people have stood in a car that neither moves nor opens. */
  trappedS: number;
  /** Where the encoder takes the car to be, minus where it is. */
  positionErrorM: number;
  starts: number;
  runS: number;
  powerW: number;
  energyKwh: number;
  /** Burnt in the braking resistor. */
  brakedKwh: number;
  currentA: number;
  busV: number;
  heatsinkC: number;
  /** Thermal image of the motor: 1 at the rated current for ever. */
  motorHeat: number;
  condition: Readonly<Condition>;
}

export interface CarHistory {
  starts: number;
  runS: number;
  energyKwh: number;
}

export function newCar(spec: CarSpec, floor: number, history: CarHistory): Car {
  return {
    id: spec.id,
    kind: spec.kind,
    service: 'group',
    fireInput: false,
    phase: 'idle',
    phaseS: 0,
    resting: false,
    positionM: heightOf(floor),
    velocityMs: 0,
    accelerationMs2: 0,
    fromM: heightOf(floor),
    toM: heightOf(floor),
    tripS: 0,
    tripSpeedMs: 0,
    targetFloor: 0,
    direction: 0,
    door: 0,
    dwellS: 0,
    curtain: false,
    blockedS: 0,
    nudging: false,
    reopened: 0,
    reopenings: 0,
    doorCycles: history.starts,
    riders: [],
    loadKg: 0,
    overload: false,
    faultCode: 0,
    lastFaultCode: 0,
    clearedS: 0,
    trappedS: 0,
    positionErrorM: 0,
    powerW: 300,
    brakedKwh: Math.round(history.energyKwh * 0.2),
    currentA: 0,
    busV: 538,
    heatsinkC: 34,
    motorHeat: 0.05,
    condition: soundCondition,
    ...history,
  };
}

export function machineOf(car: Car): Machine {
  return machines[car.kind];
}

/** Landing nearest to the car, 1 … floors. */
export function floorOf(car: Car): number {
  const floor = Math.round(car.positionM / shaft.floorHeightM) + 1;
  return Math.max(1, Math.min(shaft.floors, floor));
}

/** At rest where the doors may open. */
export function inDoorZone(car: Car): boolean {
  return car.velocityMs === 0 && Math.abs(car.positionM - heightOf(floorOf(car))) <= doorZoneM;
}

export function isAtLobby(car: Car): boolean {
  return inDoorZone(car) && floorOf(car) === lobbyFloor;
}

/** A fault keeps it from running, or will at the next landing. */
export function isFaulty(car: Car): boolean {
  return car.faultCode !== 0 && stopOf(car.faultCode) !== 'none';
}

/** Takes landing calls of the group. */
export function isInGroup(car: Car): boolean {
  const serves = car.service === 'group' || car.service === 'attendant';
  return serves && !isFaulty(car) && !car.overload && car.condition.held === 0;
}

export function weigh(car: Car): void {
  let kg = 0;
  for (const rider of car.riders) kg += rider.kg;
  car.loadKg = kg;
}

/** What the load cell tells the controller, kg. */
export function weighedKg(car: Car): number {
  return Math.max(0, car.loadKg + 1.2 * car.condition.loadCellDrift * machineOf(car).ratedLoadKg);
}
