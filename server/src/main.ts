import { errorMessage, systemClock } from '@plantroom/contracts';
import { readEnvironment } from './environment.ts';
import { processLog } from './process-log.ts';
import { startServer } from './server.ts';

const stopTimeoutMs = 15_000;

const startupLogger = processLog('server');
try {
  const environment = readEnvironment(process.env);
  const logger = processLog('server', environment.logLevel);
  let adminPassword: string | undefined;
  const server = await startServer({
    environment,
    clock: systemClock,
    logger,
    announcePassword: (password) => {
      adminPassword = password;
    },
  });

  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'server stopping');
    // Whatever hangs must not keep the port: what was acknowledged is on disk.
    setTimeout(() => process.exit(1), stopTimeoutMs).unref();
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'server did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // The parent that started this process is gone.
  process.on('disconnect', () => stop('disconnect'));
  if (process.send !== undefined && !process.connected) stop('disconnect');

  logger.info({ url: server.url }, 'server ready');
  // Told to the parent or the terminal, never to the log, which may be kept and read by others.
  if (process.send !== undefined)
    process.send({ ready: true, url: server.url, ...(adminPassword === undefined ? {} : { adminPassword }) });
  else if (adminPassword !== undefined) process.stdout.write(`\nPlantroom sign-in: admin / ${adminPassword}\n\n`);
} catch (error) {
  startupLogger.error(errorMessage(error));
  process.exit(2);
}
