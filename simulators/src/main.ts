import { errorMessage, PlantroomError, systemClock } from '@plantroom/contracts';
import { pino } from 'pino';
import { runBuildings, runLoad } from './cli/run-buildings.ts';
import { runDemo } from './cli/run-demo.ts';
import { runExport } from './cli/run-export.ts';
import { runFaultCommand } from './cli/run-fault.ts';
import { runReplay } from './cli/run-replay.ts';
import { readEnvironment } from './environment.ts';

const usage = `usage:
  node src/main.ts                                   the demo building
  node src/main.ts --buildings N|FILE.yaml            several of them
  node src/main.ts load --copies N [--accelerate K] [--free-ports]
  node src/main.ts replay --csv FILE --profile VENDOR/MODEL --port N [options]
  node src/main.ts replay --plan FILE.yaml
  node src/main.ts export --from TIME --for DURATION --out FOLDER [options]
  node src/main.ts fault list | on EQUIPMENT FAULT [--point POINT] [--severity 0..1] [--ramp SECONDS] | off ID
`;

/** What cannot be mended by trying again: wrong words, wrong files, a taken port. */
const misuse = 2;

async function main(words: readonly string[]): Promise<number> {
  const environment = readEnvironment();
  const say = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  // Written at once: pino's asynchronous destination never ends its flush at exit when the reader is gone.
  const logger = pino({ level: environment.logLevel }, pino.destination({ sync: true }));
  const [command, ...rest] = words;
  const context = { environment, clock: systemClock, logger, say };
  if (command === undefined) return await runDemo(context);
  if (command.startsWith('--buildings')) return await runBuildings(words, context);
  if (command === 'load') return await runLoad(rest, context);
  if (command === 'replay') return await runReplay(rest, context);
  if (command === 'export') return await runExport(rest, context);
  if (command === 'fault') return await runFaultCommand(rest, context);
  process.stderr.write(`unknown command "${command}"\n${usage}`);
  return misuse;
}

// Whoever has read enough (`fault list | head`) closes the pipe; there is nobody left to say anything to.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  process.exitCode = await main(process.argv.slice(2));
  // A parent that started us with an IPC channel would keep us alive.
  if (process.connected) process.disconnect();
} catch (error) {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exit(error instanceof PlantroomError && !error.retryable ? misuse : 1);
}
