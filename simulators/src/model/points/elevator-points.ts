import { type Car, faultCodes, floorOf, shaft } from '../elevator/car.ts';
import { brakingM } from '../elevator/motion.ts';
import type { PointValues } from './point-values.ts';

/** BACnet Lift words, as the class has them. */
const directions = { stopped: 2, up: 3, down: 4 } as const;
const modes = { normal: 1, outOfService: 12 } as const;
const doors = { closed: 0, opened: 1, fault: 3, closing: 6, opening: 7 } as const;

export function elevatorPoints(car: Car): PointValues {
  const speed = Math.abs(car.velocityMs);
  const faulty = car.faultCode !== faultCodes.none;
  const betweenLandings = Math.abs(car.positionM - (floorOf(car) - 1) * shaft.floorHeightM) > 0.3;
  const load = (car.riders.length / shaft.capacityPersons) * 100;
  return {
    floor: floorOf(car),
    position: car.positionM,
    speed,
    'rated-speed': shaft.ratedSpeedMs,
    direction: speed === 0 ? directions.stopped : car.velocityMs > 0 ? directions.up : directions.down,
    mode: faulty ? modes.outOfService : modes.normal,
    'door-state': doorState(car),
    'door-open-limit': car.door === 1,
    'door-close-limit': car.door === 0,
    'light-curtain': car.obstructed,
    'car-load': load,
    'full-load': load >= 90,
    overload: load > 110,
    'fault-code': car.faultCode,
    'last-fault-code': car.lastFaultCode,
    'safety-chain': car.faultCode !== faultCodes.safetyCircuit,
    'door-lock': car.door === 0 && car.faultCode !== faultCodes.doorLock,
    entrapment: faulty && betweenLandings && car.riders.length > 0,
    'alarm-button': false,
    'fire-return': false,
    firefighter: false,
    locked: false,
    independent: false,
    attendant: false,
    buzzer: false,
    'energy-saving': car.phase === 'idle' && car.phaseS > 300,
    'drive-current': car.currentA,
    'drive-frequency': (speed / shaft.ratedSpeedMs) * 48,
    'bus-voltage': 548 + (speed > 0 && car.powerW < 1200 ? 40 : -car.powerW / 2500),
    'pre-torque': speed > 0 ? Math.abs(load - 45) : 0,
    'deceleration-distance': brakingM(car),
    'heatsink-temperature': car.heatsinkC,
    'run-hours': car.runS / 3600,
    'run-count': car.starts,
    'highest-floor': shaft.floors,
    'lowest-floor': 1,
  };
}

function doorState(car: Car): number {
  if (car.faultCode === faultCodes.doorClose || car.faultCode === faultCodes.doorLock) return doors.fault;
  if (car.phase === 'opening') return doors.opening;
  if (car.phase === 'closing') return doors.closing;
  return car.door === 0 ? doors.closed : doors.opened;
}
