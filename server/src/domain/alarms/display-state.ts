import type { AlarmFlags, AlarmState } from '@plantroom/contracts';

/** One state to show, from flags that live independently of each other. */
export function displayState(flags: AlarmFlags): AlarmState {
  if (flags.outOfService) return 'OOSRV';
  if (flags.suppressed) return 'DSUPR';
  if (flags.shelved) return 'SHLVD';
  if (flags.latched && !flags.active) return flags.acked ? 'LATCHED-ACK' : 'LATCHED-UNACK';
  if (flags.active) return flags.acked ? 'ACKED' : 'UNACK';
  return flags.acked ? 'NORM' : 'RTNUN';
}

/** Whether an occurrence is under way: there is something to watch, to acknowledge or to reset. */
export function isOpen(flags: AlarmFlags): boolean {
  return flags.active || flags.latched || !flags.acked;
}

/** Taken out of sight by decision: it is neither sounded nor flashed. */
export function isHidden(flags: AlarmFlags): boolean {
  return flags.outOfService || flags.suppressed || flags.shelved;
}
