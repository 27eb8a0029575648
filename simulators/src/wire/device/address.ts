import { PlantroomError } from '@plantroom/contracts';
import type { ModbusPoint } from '@plantroom/device-profiles';
import type { Parameters } from './served-device.ts';

/** address + Σ times × (parameter − 1): one address, or one per entry of a list-valued parameter. */
export function addressesOf(point: ModbusPoint, parameters: Parameters): number[] {
  let addresses = [point.at.address];
  for (const step of point.at.plus ?? []) {
    const value = parameters[step.of];
    const entries = typeof value === 'number' ? [value] : value;
    if (entries === undefined || typeof entries === 'string')
      throw new PlantroomError(
        'ADDRESS_PARAMETER',
        `point ${point.point}: parameter "${step.of}" is ${value}, not a number`,
      );
    addresses = addresses.flatMap((address) => entries.map((n) => address + step.times * (n - 1)));
  }
  return addresses;
}
