import type { WireFault } from '../wire/wire-fault.ts';

const slowestMs = 3000;
/** Modbus: server device failure. */
const deviceFailure = 4;

/** The fault on the wire of a device, from the faults of the equipment that it serves; silence outweighs the rest. */
export function wireFaultOf(
  equipment: readonly string[],
  level: (equipment: string, fault: string) => number,
): WireFault | undefined {
  const worst = (fault: string): number => Math.max(0, ...equipment.map((id) => level(id, fault)));
  if (worst('wire-silence') > 0) return { kind: 'silence' };
  if (worst('wire-exception') > 0) return { kind: 'exception', code: deviceFailure };
  const slow = worst('wire-slow');
  if (slow > 0) return { kind: 'slow', delayMs: Math.round(slow * slowestMs) };
  return worst('wire-stuck') > 0 ? { kind: 'stuck' } : undefined;
}
