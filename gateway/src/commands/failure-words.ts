import type { CommandReason } from '@plantroom/contracts';
import type { ReadFailure } from '../drivers/driver.ts';

/** Why a write was not acknowledged. `unsure`: the device may have taken it all the same. */
export function failureWords(failure: ReadFailure): { reason: CommandReason; message: string; unsure: boolean } {
  switch (failure.kind) {
    case 'timeout':
      return { reason: 'no-answer', message: 'the device did not answer the write', unsure: true };
    case 'connection':
      return { reason: 'no-connection', message: `no connection to the device: ${failure.message}`, unsure: false };
    case 'exception':
      return {
        reason: 'device-refused',
        message: `the device refuses the write: ${exceptionNames[failure.code] ?? 'exception'} (exception ${failure.code})`,
        unsure: false,
      };
    case 'malformed':
      return {
        reason: 'malformed',
        message: `the answer to the write cannot be read: ${failure.message}`,
        unsure: true,
      };
  }
}

/** Modbus Application Protocol V1.1b3, 7. */
const exceptionNames: Partial<Record<number, string>> = {
  1: 'it knows no such function',
  2: 'it has no such address',
  3: 'it does not take this value',
  4: 'it has failed',
  5: 'it is still working on it',
  6: 'it is busy',
  10: 'the gateway before it has no path to it',
  11: 'it does not answer the gateway before it',
};
