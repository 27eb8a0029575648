import { type Logger, pino } from 'pino';

/**
 * The log of a process, to standard output. Written at once: pino's asynchronous destination flushes at exit, and when its reader is gone
 * that never ends (sonic-boom waits for a broken pipe to mend), so a process whose parent was killed would stay for ever.
 */
export function processLog(name: string, level = 'info'): Logger {
  return pino({ name, level }, pino.destination({ sync: true }));
}
