import { PlantroomError } from '@plantroom/contracts';

export interface GatewayEnvironment {
  /** Everything of this process that lasts lies under it. */
  dataDir: string;
  logLevel: string;
  /** For `${NAME}` in the gateway file. */
  variables: Readonly<Record<string, string | undefined>>;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** The gateway's environment, read here only. Throws ENVIRONMENT_INVALID. */
export function readGatewayEnvironment(env: NodeJS.ProcessEnv): GatewayEnvironment {
  const logLevel = env.PLANTROOM_LOG_LEVEL || 'info';
  if (!logLevels.includes(logLevel)) {
    throw new PlantroomError(
      'ENVIRONMENT_INVALID',
      `PLANTROOM_LOG_LEVEL is "${logLevel}"; allowed: ${logLevels.join(', ')}`,
    );
  }
  return { dataDir: env.PLANTROOM_DATA_DIR || './data', logLevel, variables: env };
}
