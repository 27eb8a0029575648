import { PlantroomError } from '@plantroom/contracts';

export type GatewayCommand = { kind: 'run'; file: string } | { kind: 'check'; file: string };

const usage = 'allowed: --config FILE.yaml, or check FILE.yaml';

/** Throws USAGE. */
export function parseCommandLine(args: readonly string[]): GatewayCommand {
  const [first, file, ...rest] = args;
  if (file === undefined || rest.length > 0)
    throw new PlantroomError('USAGE', `arguments "${args.join(' ')}" are not understood; ${usage}`);
  if (first === '--config') return { kind: 'run', file };
  if (first === 'check') return { kind: 'check', file };
  throw new PlantroomError('USAGE', `"${first}" is not understood; ${usage}`);
}
