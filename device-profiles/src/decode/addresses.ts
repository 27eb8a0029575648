import type { ModbusPoint } from '../profile-schema.ts';
import type { ScaleBy } from '../scale-schema.ts';
import type { ModbusWrite } from '../write-schema.ts';
import type { ParameterValues } from './parameters.ts';

export interface Addresses {
  addresses: number[];
  /** The list parameter's entry behind each address; 0 where the address has none. */
  entries: number[];
}

/** address + Σ times × (parameter − 1), once for every combination of list entries; then the same for each `also`. */
export function addressesOf(
  at: ModbusPoint['at'] | NonNullable<ModbusWrite['at']> | ScaleBy,
  parameters: ParameterValues,
): Addresses {
  const found: Addresses = { addresses: [], entries: [] };
  for (const start of [at, ...('also' in at ? (at.also ?? []) : [])]) {
    let combinations = [{ address: start.address, entry: 0 }];
    for (const { of, times } of start.plus ?? []) {
      const value = parameters[of];
      const list = Array.isArray(value) ? (value as readonly number[]) : undefined;
      const numbers = list ?? (typeof value === 'number' ? [value] : []);
      combinations = combinations.flatMap(({ address, entry }) =>
        numbers.map((n) => ({ address: address + times * (n - 1), entry: list ? n : entry })),
      );
    }
    for (const { address, entry } of combinations) {
      found.addresses.push(address);
      found.entries.push(entry);
    }
  }
  return found;
}
