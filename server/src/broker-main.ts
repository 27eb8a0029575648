import { errorMessage } from '@plantroom/contracts';
import { readBrokerEnvironment } from './broker/broker-environment.ts';
import { startBroker } from './broker/start-broker.ts';
import { processLog } from './process-log.ts';

// A process of its own, so that a restart of the server is not a restart of the broker.
const stopTimeoutMs = 10_000;

const startupLogger = processLog('broker');
try {
  const { host, port, logLevel } = readBrokerEnvironment(process.env);
  const logger = processLog('broker', logLevel);
  const broker = await startBroker({ host, port, logger });

  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'broker stopping');
    // Whatever hangs must not keep the port.
    setTimeout(() => process.exit(1), stopTimeoutMs).unref();
    broker.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ reason: errorMessage(error) }, 'broker did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // The parent that started this process is gone.
  process.on('disconnect', () => stop('disconnect'));
  if (process.send !== undefined && !process.connected) stop('disconnect');

  logger.info({ host, port: broker.port }, 'broker ready');
  // A parent that started this process with an IPC channel waits for this message instead of reading the log.
  process.send?.({ ready: true, port: broker.port });
} catch (error) {
  startupLogger.error(errorMessage(error));
  process.exitCode = 2;
}
