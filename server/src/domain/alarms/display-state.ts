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
