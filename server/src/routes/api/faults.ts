import type { OverrideFault } from '../../domain/alarms/overrides.ts';
import { FaultyRequest } from '../../plugins/app/auth.ts';

/** Throws when there is any; tells all of them. `within`: the part of the request that their fields lie in. */
export function refuseFaults(faults: readonly OverrideFault[], within = ''): void {
  const [first, ...others] = faults.map(({ field, message, words: { code, values = {} } }) => ({
    field: within + field,
    code,
    message,
    values: { ...values },
  }));
  if (first !== undefined) throw new FaultyRequest([first, ...others]);
}
