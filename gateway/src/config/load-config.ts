import { PlantroomError, type Problem } from '@plantroom/contracts';
import type { DeviceRuntime, GatewayConfig } from './gateway-config.ts';

/** What the environment holds: `process.env` fits. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface LoadedGateway {
  /** As written, with the environment filled in and defaults that depend on other entries (MQTT client ids) set; faulty connections and devices left out. */
  config: GatewayConfig;
  devices: DeviceRuntime[];
  /** What was left out and why; empty when everything runs. */
  problems: Problem[];
}

/** Throws ProblemsError (CONFIG_INVALID) when the file as a whole cannot be used; a faulty connection, device or profile is left out and told. */
export function loadGatewayConfig(options: { file: string; environment: Environment }): Promise<LoadedGateway> {
  return Promise.reject(new PlantroomError('CONFIG_INVALID', `${options.file} cannot be read`));
}
