import { systemClock } from '@plantroom/contracts';
import type { GatewayEnvironment } from './environment.ts';
import type { Screen, ToolIo } from './tools/tool.ts';

/** The process's own output and terminal; the first Ctrl-C asks the command to end, the second ends the process. */
export function processIo(environment: GatewayEnvironment): ToolIo {
  const ending = new AbortController();
  process.once('SIGINT', () => ending.abort(new Error('interrupted')));
  process.once('SIGTERM', () => ending.abort(new Error('interrupted')));
  return {
    environment,
    clock: systemClock,
    out: (text) => void process.stdout.write(text),
    note: (text) => void process.stderr.write(text),
    signal: ending.signal,
    screen: process.stdout.isTTY ? screenOf(process.stdout) : undefined,
  };
}

function screenOf(stream: NodeJS.WriteStream): Screen {
  return {
    columns: () => stream.columns,
    rows: () => stream.rows,
    onResize(call) {
      stream.on('resize', call);
      return () => stream.off('resize', call);
    },
  };
}
