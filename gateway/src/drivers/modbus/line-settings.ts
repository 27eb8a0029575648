import type { ModbusConnection } from '../../config/gateway-config.ts';
import type { ModbusDevice } from './modbus-device.ts';

/** What one line is driven with, where its devices ask for nothing else. */
export interface LineSettings {
  timeoutMs: number;
  /** From the end of one exchange to the next request. */
  minRequestGapMs: number;
  connectDelayMs: number;
  /** The longest pause between two attempts to connect; left out: 30 s. */
  maxBackoffMs?: number;
}

/** What the requests to one device are sent with. */
export type DeviceTiming = Pick<LineSettings, 'timeoutMs' | 'minRequestGapMs'>;

const defaultTimeoutMs = 1000;

/** The connection's own settings, else the largest that any of its devices asks for: what a line as a whole may have to bear. */
export function lineSettings(connection: ModbusConnection, devices: readonly ModbusDevice[]): LineSettings {
  const timings = devices.map((device) => deviceTiming(connection, device));
  const largest = (values: readonly number[], otherwise: number): number =>
    values.length === 0 ? otherwise : Math.max(...values);
  return {
    timeoutMs: largest(
      timings.map((t) => t.timeoutMs),
      connection.timeoutMs ?? defaultTimeoutMs,
    ),
    minRequestGapMs: largest(
      timings.map((t) => t.minRequestGapMs),
      connection.minRequestGapMs ?? 0,
    ),
    connectDelayMs:
      connection.connectDelayMs ??
      largest(
        devices.map((d) => d.profile.modbus.connectDelayMs ?? 0),
        0,
      ),
  };
}

/** The connection's, else the device's own. */
export function deviceTiming(connection: ModbusConnection, { profile }: ModbusDevice): DeviceTiming {
  return {
    timeoutMs: connection.timeoutMs ?? profile.modbus.timeoutMs ?? defaultTimeoutMs,
    minRequestGapMs: connection.minRequestGapMs ?? profile.modbus.minRequestGapMs ?? 0,
  };
}
