/** How an answer is spoiled on its way; the device itself is sound. */
export const frameFaults = ['truncated', 'corrupt', 'mismatch', 'other-unit', 'shifted', 'duplicate', 'cut'] as const;
export type FrameFault = (typeof frameFaults)[number];

/** What is wrong with a message that a sensor publishes. */
export const messageFaults = ['garbage', 'missing', 'types', 'duplicate', 'reorder', 'clock', 'retained'] as const;
export type MessageFault = (typeof messageFaults)[number];

/** What the wire does to a device's answers. `stuck`: it answers, but with what it held when the fault came. */
export type WireFault =
  | { kind: 'silence' }
  | { kind: 'slow'; delayMs: number }
  /** Of each hundred answers so many never come; drawn anew for each. */
  | { kind: 'loss'; percent: number }
  | { kind: 'exception'; code: number }
  | { kind: 'stuck' }
  | { kind: 'frame'; fault: FrameFault }
  /** `point`: only that one is meant; left out: all of them. `stepMs`: how far the clock has jumped. */
  | { kind: 'message'; fault: MessageFault; point?: string; stepMs?: number };

/** What befalls a whole connection, whoever stands behind it. */
export type ConnectionFault = 'refused' | 'half-open';
