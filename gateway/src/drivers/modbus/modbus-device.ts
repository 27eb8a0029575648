import type { ModbusAttributes, ModbusProfile, PointBinding } from '@plantroom/device-profiles';
import type { DeviceRuntime } from '../../config/gateway-config.ts';

export type ModbusBinding = PointBinding & { at: ModbusAttributes };

export interface ModbusDevice extends DeviceRuntime {
  profile: ModbusProfile;
  bindings: readonly ModbusBinding[];
}

export function isModbusDevice(device: DeviceRuntime): device is ModbusDevice {
  return device.profile.protocol === 'modbus' && device.bindings.every((binding) => binding.at.protocol === 'modbus');
}
