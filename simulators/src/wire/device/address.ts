import { PlantroomError } from '@plantroom/contracts';
import type { ModbusPoint } from '@plantroom/device-profiles';
import type { Parameters } from './served-device.ts';

interface Place {
  address: number;
  plus?: readonly { of: string; times: number }[];
}

/** address + Σ times × (parameter − 1): one address, or one per entry of a list-valued parameter; then those of `also`. */
export function addressesOf(point: ModbusPoint, parameters: Parameters): number[] {
  return [point.at, ...(point.at.also ?? [])].flatMap((place) => addressesAt(point.point, place, parameters));
}

function addressesAt(point: string, place: Place, parameters: Parameters): number[] {
  let addresses = [place.address];
  for (const step of place.plus ?? []) {
    const value = parameters[step.of];
    const entries = typeof value === 'number' ? [value] : value;
    if (entries === undefined || typeof entries === 'string')
      throw new PlantroomError('ADDRESS_PARAMETER', `point ${point}: parameter "${step.of}" is ${value}, not a number`);
    addresses = addresses.flatMap((address) => entries.map((n) => address + step.times * (n - 1)));
  }
  return addresses;
}
