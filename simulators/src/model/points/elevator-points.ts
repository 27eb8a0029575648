import { type Car, type CarService, floorOf, inDoorZone, isFaulty, machineOf, weighedKg } from '../elevator/car.ts';
import { savingAfterS } from '../elevator/electrics.ts';
import { faultCodes } from '../elevator/fault-codes.ts';
import { balance, fullShare, shaft } from '../elevator/machine.ts';
import { brakingM } from '../elevator/profile.ts';
import type { PointValues } from './point-values.ts';

/** BACnet Lift words, as the class has them. */
const directions = { stopped: 2, up: 3, down: 4 } as const;
const outOfService = 12;
const modes: Readonly<Record<CarService, number>> = {
  group: 1,
  levelling: 3,
  independent: 5,
  attendant: 5,
  inspection: 8,
  locked: outOfService,
  // The controller has no word for emergency power; the car is called to its parking landing.
  'emergency-power': 4,
  'fire-return': 11,
  firefighter: 6,
};
const doors = { closed: 0, opened: 1, closing: 6, opening: 7 } as const;
/** At the rated speed. */
const ratedHz = 48;
/** People call for help when nothing has happened for so long, and again each minute. */
const callAfterS = 20;
const callS = 3;
const callEveryS = 60;
/** The controller is sure of an entrapment. */
const entrapmentAfterS = 5;

export function elevatorPoints(car: Car): PointValues {
  const machine = machineOf(car);
  const speed = Math.abs(car.velocityMs);
  const load = (weighedKg(car) / machine.ratedLoadKg) * 100;
  const calls = car.trappedS >= callAfterS && (car.trappedS - callAfterS) % callEveryS < callS;
  return {
    floor: floorOf(car),
    position: car.positionM,
    speed,
    'rated-speed': machine.ratedSpeedMs,
    direction: speed === 0 ? directions.stopped : car.velocityMs > 0 ? directions.up : directions.down,
    mode: isFaulty(car) ? outOfService : modes[car.service],
    'door-state': doorState(car),
    'door-open-limit': car.door === 1,
    'door-close-limit': car.door === 0,
    'light-curtain': car.curtain,
    'car-load': Math.min(200, load),
    'full-load': load >= fullShare * 100,
    overload: car.overload,
    'fault-code': car.faultCode,
    'last-fault-code': car.lastFaultCode,
    'safety-chain': car.faultCode !== faultCodes.safetyCircuit,
    'door-lock':
      car.door === 0 && car.faultCode !== faultCodes.doorLock && car.faultCode !== faultCodes.lockWhileRunning,
    entrapment: car.trappedS >= entrapmentAfterS && !inDoorZone(car),
    'alarm-button': calls,
    'fire-return': car.fireInput,
    firefighter: car.condition.firefighter > 0,
    locked: car.service === 'locked',
    independent: car.service === 'independent',
    attendant: car.service === 'attendant',
    buzzer: car.overload || (car.nudging && car.phase === 'closing'),
    'energy-saving': car.phase === 'idle' && car.phaseS > savingAfterS,
    'drive-current': car.currentA,
    'drive-frequency': (speed / machine.ratedSpeedMs) * ratedHz,
    'bus-voltage': car.busV,
    'pre-torque': car.phase === 'moving' ? Math.min(300, Math.abs(load - balance * 100)) : 0,
    'deceleration-distance': brakingM(speed, machine),
    'heatsink-temperature': car.heatsinkC,
    'run-hours': car.runS / 3600,
    'run-count': car.starts,
    'highest-floor': shaft.floors,
    'lowest-floor': 1,
  };
}

/** What the controller's state word can say of it. */
function doorState(car: Car): number {
  if (car.phase === 'opening') return doors.opening;
  if (car.phase === 'closing') return doors.closing;
  return car.door === 0 ? doors.closed : doors.opened;
}
