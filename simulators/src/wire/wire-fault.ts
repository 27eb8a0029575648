/** What the wire does to a device's answers. `stuck`: it answers, but with what it held when the fault came. */
export type WireFault =
  | { kind: 'silence' }
  | { kind: 'slow'; delayMs: number }
  | { kind: 'exception'; code: number }
  | { kind: 'stuck' };
