import type { ModbusConnection } from '../../config/gateway-config.ts';
import type { ModbusDevice } from './modbus-device.ts';

/** What one line is driven with. */
export interface LineSettings {
  timeoutMs: number;
  /** From the end of one exchange to the next request. */
  minRequestGapMs: number;
  connectDelayMs: number;
}

const defaultTimeoutMs = 1000;

/** The connection's own settings, else the largest that any of its devices asks for: they share the line. */
export function lineSettings(connection: ModbusConnection, devices: readonly ModbusDevice[]): LineSettings {
  const largest = (of: (device: ModbusDevice) => number | undefined, otherwise: number): number =>
    devices.reduce((most, device) => Math.max(most, of(device) ?? otherwise), 0) || otherwise;
  return {
    timeoutMs: connection.timeoutMs ?? largest((d) => d.profile.modbus.timeoutMs, defaultTimeoutMs),
    minRequestGapMs: connection.minRequestGapMs ?? largest((d) => d.profile.modbus.minRequestGapMs, 0),
    connectDelayMs: connection.connectDelayMs ?? largest((d) => d.profile.modbus.connectDelayMs, 0),
  };
}
