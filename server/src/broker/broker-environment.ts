import { PlantroomError } from '@plantroom/contracts';

export interface BrokerEnvironment {
  host: string;
  port: number;
  logLevel: string;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** The broker process's environment, read here only. */
export function readBrokerEnvironment(env: NodeJS.ProcessEnv): BrokerEnvironment {
  const portText = env.PLANTROOM_MQTT_PORT || '1883';
  const port = Number(portText);
  if (!/^\d+$/.test(portText) || port > 65535) {
    throw new PlantroomError(
      'ENVIRONMENT_INVALID',
      `PLANTROOM_MQTT_PORT is "${portText}"; allowed: a whole number 1-65535, or 0 for any free port`,
    );
  }
  const logLevel = env.PLANTROOM_LOG_LEVEL || 'info';
  if (!logLevels.includes(logLevel)) {
    throw new PlantroomError(
      'ENVIRONMENT_INVALID',
      `PLANTROOM_LOG_LEVEL is "${logLevel}"; allowed: ${logLevels.join(', ')}`,
    );
  }
  return { host: env.PLANTROOM_MQTT_HOST || '127.0.0.1', port, logLevel };
}
