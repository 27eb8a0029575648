import { errorMessage, systemClock } from '@plantroom/contracts';
import { pino } from 'pino';
import { readEnvironment } from './environment.ts';
import { startServer } from './server.ts';

const startupLogger = pino({ name: 'server' });
try {
  const environment = readEnvironment(process.env);
  const logger = pino({ name: 'server', level: environment.logLevel });
  const server = await startServer({
    environment,
    clock: systemClock,
    logger,
    // On the terminal and not in the log, which may be kept and read by others.
    announcePassword: (password) => process.stdout.write(`\nPlantroom sign-in: admin / ${password}\n\n`),
  });

  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'server stopping');
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

  logger.info({ url: server.url }, 'server ready');
  process.send?.({ ready: true, url: server.url });
} catch (error) {
  startupLogger.error(errorMessage(error));
  process.exit(2);
}
