import { errorMessage, PlantroomError, ProblemsError } from '@plantroom/contracts';
import { pino } from 'pino';
import { parseCommandLine } from './command-line.ts';
import { readGatewayEnvironment } from './environment.ts';
import { runGateway } from './run.ts';
import { processIo } from './tool-io.ts';

/** By which a parent process knows that starting again would change nothing. */
const wrongInput = 2;
/** As shells have it: 128 and the number of SIGINT. */
const interrupted = 130;
const stopTimeoutMs = 15_000;

try {
  const args = process.argv.slice(2);
  // A gateway that runs for years does not carry the tools of its commissioning along.
  const tools = args[0] === '--config' ? [] : (await import('./tools/registry.ts')).tools;
  const command = parseCommandLine(args, tools);
  const environment = readGatewayEnvironment(process.env);
  if (command.kind === 'help') {
    process.stdout.write(command.text);
  } else if (command.kind === 'tool') {
    const io = processIo(environment);
    try {
      process.exitCode = await command.tool.run(command.args, io);
    } catch (error) {
      if (!io.signal.aborted) throw error;
      process.exitCode = interrupted;
    }
  } else {
    // Written at once: pino's asynchronous destination never ends its flush at exit when the reader is gone.
    const logger = pino({ name: 'gateway', level: environment.logLevel }, pino.destination({ sync: true }));
    // From the first moment: without a listener the signal ends the process.
    let asked = false;
    let reload = (): void => {
      asked = true;
    };
    process.on('SIGHUP', () => reload());
    const running = await runGateway(command.file, { environment, logger, watch: command.watch });
    reload = () => void running.reload('SIGHUP');
    if (asked) reload();
    let stopping = false;
    const stop = (signal: string): void => {
      if (stopping) return;
      stopping = true;
      logger.info({ signal }, 'gateway is stopping');
      // Whatever hangs must not hold the outbox: what was appended is on disk.
      setTimeout(() => process.exit(1), stopTimeoutMs).unref();
      running.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          logger.error(errorMessage(error));
          process.exit(1);
        },
      );
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    // The parent that started this process is gone.
    process.on('disconnect', () => stop('disconnect'));
    if (process.send !== undefined && !process.connected) stop('disconnect');
    // A parent that started this process with an IPC channel waits for this message instead of reading the log.
    process.send?.({ ready: true, metricsPort: running.metricsPort });
  }
} catch (error) {
  const text = error instanceof ProblemsError ? error.message : `gateway: ${errorMessage(error)}`;
  process.stderr.write(`${text}\n`);
  // A file that is locked or a disk that is full may be mended by the next start, wrong input may not.
  process.exitCode = error instanceof PlantroomError && error.code !== 'OUTBOX_OPEN' ? wrongInput : 1;
}
