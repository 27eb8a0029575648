/** Registers and floats of each device of the fleet. */
export const registers = 60;
export const floats = registers / 2;

/** The peer connects from here, so that the fleet can tell its polls from the gateway's. */
export const peerAddress = '127.11.0.1';

/** Each device has a loopback address of its own and the Modbus port beside the privileged ones. */
export const fleetPort = 10_502;

export function fleetAddress(device: number): string {
  return `127.10.${Math.floor(device / 250)}.${(device % 250) + 1}`;
}
