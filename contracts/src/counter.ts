export interface CounterChange {
  kind: 'advance' | 'wrap' | 'reset';
  /** What was counted between the two values, in their unit, as far as they tell: after a reset at least what it shows since. */
  increase: number;
}

/** How near to its end a counter must have been, and how near to its beginning it must be, to have wrapped rather than been reset. */
const wrapShare = 0.1;

/**
 * What happened between two values of a counter. A fall is a wrap when the counter has an end (`modulus`, in the same unit) and the values lie
 * close to it on both sides; a counter that falls from the middle of its range was reset or exchanged. Pure.
 */
export function counterChange(previous: number, next: number, modulus?: number): CounterChange {
  if (next >= previous) return { kind: 'advance', increase: next - previous };
  if (modulus !== undefined && previous >= modulus * (1 - wrapShare) && next <= modulus * wrapShare)
    return { kind: 'wrap', increase: modulus - previous + next };
  return { kind: 'reset', increase: next };
}
