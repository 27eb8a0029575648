import type { ReadFailure } from '../driver.ts';

/** Modbus Application Protocol 1.1b3, §7. */
export const exceptionCode = {
  illegalFunction: 1,
  illegalAddress: 2,
  illegalValue: 3,
  deviceFailure: 4,
  acknowledge: 5,
  busy: 6,
  negativeAcknowledge: 7,
  memoryParity: 8,
  gatewayPath: 10,
  gatewayTarget: 11,
} as const;

const meanings: Readonly<Record<number, string>> = {
  1: 'illegal function: the device does not know this kind of read',
  2: 'illegal data address: a register of the block does not exist',
  3: 'illegal data value: too many registers, or a length the device refuses',
  4: 'device failure',
  5: 'acknowledge: the device needs longer, try again later',
  6: 'device busy, try again later',
  7: 'negative acknowledge',
  8: 'memory parity error',
  10: 'gateway path unavailable: the gateway has no way to this unit',
  11: 'gateway target device failed to respond',
};

export function exceptionMeaning(code: number): string {
  return meanings[code] ?? `unknown exception ${code}`;
}

/** The device has understood and wants to be asked again later. */
export function saysLater(code: number): boolean {
  return code === exceptionCode.acknowledge || code === exceptionCode.busy;
}

/** For a log line. */
export function failureInWords(failure: ReadFailure): string {
  switch (failure.kind) {
    case 'timeout':
      return 'no answer';
    case 'exception':
      return `exception ${failure.code}, ${exceptionMeaning(failure.code)}`;
    case 'connection':
    case 'malformed':
      return failure.message;
  }
}

/** The gateway itself says that the unit behind it is silent (Schneider Com'X does so for up to 20 s at the top of each hour). */
export function saysUnitIsSilent(code: number): boolean {
  return code === exceptionCode.gatewayPath || code === exceptionCode.gatewayTarget;
}

/**
 * NICE3000+ errors `80 01 00 0x` as Modbus exceptions (M-Tools service app: 1 bad password, 2 bad command, 3 CRC, 4 invalid address,
 * 5 invalid parameter, 6 change rejected, 7 system locked).
 */
export function exceptionFromInovance(error: number): number {
  switch (error) {
    case 2:
      return exceptionCode.illegalFunction;
    case 4:
      return exceptionCode.illegalAddress;
    case 5:
      return exceptionCode.illegalValue;
    case 7:
      return exceptionCode.busy;
    default:
      return exceptionCode.deviceFailure;
  }
}
