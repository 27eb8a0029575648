import type { DerivedBinding } from '@plantroom/device-profiles';
import type { DeviceRuntime, GatewayConfig } from './config/gateway-config.ts';

/** What one reading of the configuration makes of the gateway; `LoadedGateway` is one. */
export interface GatewayPlan {
  config: GatewayConfig;
  devices: readonly DeviceRuntime[];
  /** Left out: nothing is derived. */
  derived?: readonly DerivedBinding[];
  /** Classes that may be written at all. Left out: nothing is written. */
  writableClasses?: ReadonlySet<string>;
  /** By device id, what the device is made of, to tell whether two plans have the same one. Left out: only the same object is the same device. */
  definitions?: ReadonlyMap<string, string>;
}
