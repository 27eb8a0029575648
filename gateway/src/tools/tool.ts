import type { Clock } from '@plantroom/contracts';
import type { GatewayEnvironment } from '../environment.ts';

/** Where a command writes and what it may ask of the terminal. */
export interface ToolIo {
  environment: GatewayEnvironment;
  clock: Clock;
  /** The result: standard output. */
  out(text: string): void;
  /** Progress and warnings: standard error. */
  note(text: string): void;
  /** The person has had enough (Ctrl-C): what is under way ends and the command returns. */
  signal: AbortSignal;
  /** Undefined when the output is no terminal. */
  screen: Screen | undefined;
}

export interface Screen {
  columns(): number;
  rows(): number;
  /** The returned function ends it. */
  onResize(call: () => void): () => void;
}

/** One word of the command line. A new one is a file and a line in tools/registry.ts. */
export interface Tool {
  name: string;
  /** After the name, as in `FILE.yaml [--once]`. */
  usage: string;
  /** One line. */
  summary: string;
  /** Everything else that `--help` says. */
  help: string;
  /** The exit code: 0 done, 2 wrong input (starting again would change nothing), 1 anything else. Throws USAGE for its own arguments. */
  run(args: readonly string[], io: ToolIo): Promise<number>;
}

export const exitCodes = { done: 0, failed: 1, wrongInput: 2 } as const;
