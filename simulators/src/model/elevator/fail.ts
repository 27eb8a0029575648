import type { Car } from './car.ts';
import { stopOf } from './fault-codes.ts';

/** The controller reports a fault, and does what belongs to it. */
export function fail(car: Car, code: number): void {
  if (car.faultCode === code) return;
  car.faultCode = code;
  car.lastFaultCode = code;
  car.clearedS = 0;
  car.resting = false;
  const stop = stopOf(code);
  const isHeld = stop === 'now' || (stop === 'landing' && car.phase === 'idle');
  if (!isHeld) return;
  car.phase = 'halted';
  car.phaseS = 0;
  car.targetFloor = 0;
  car.direction = 0;
  car.nudging = false;
}
