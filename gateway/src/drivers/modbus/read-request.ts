import type { DeviceTiming } from './line-settings.ts';
import type { ModbusDevice } from './modbus-device.ts';
import type { PollBlock } from './poll-plan.ts';
import type { ReadRequest } from './request.ts';

/** What every request to this device carries. */
export function requestHead(
  { unitId, profile }: ModbusDevice,
  { timeoutMs, minRequestGapMs }: DeviceTiming,
): Omit<ReadRequest, 'table' | 'start' | 'count'> {
  return {
    unit: unitId,
    framing: profile.modbus.framing ?? 'standard',
    strictTransactionId: profile.modbus.strictTransactionId ?? true,
    timeoutMs,
    minRequestGapMs,
  };
}

export function readRequest(
  device: ModbusDevice,
  { table, start, count }: PollBlock,
  timing: DeviceTiming,
): ReadRequest {
  return { ...requestHead(device, timing), table, start, count };
}
