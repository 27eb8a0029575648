import { PlantroomError } from '@plantroom/contracts';
import { notAllowed } from '@plantroom/device-profiles';
import type { Tool } from './tools/tool.ts';

export type GatewayCommand =
  | { kind: 'run'; file: string; watch: boolean }
  | { kind: 'tool'; tool: Tool; args: readonly string[] }
  | { kind: 'help'; text: string };

const watchOption = '--watch-config';

/** Throws USAGE. */
export function parseCommandLine(args: readonly string[], tools: readonly Tool[]): GatewayCommand {
  const [first, ...rest] = args;
  if (first === undefined)
    throw new PlantroomError(
      'USAGE',
      `no command; allowed: --config FILE.yaml, ${tools.map(({ name }) => name).join(', ')}, --help`,
    );
  if (first === '--help' || first === '-h' || first === 'help') {
    const asked = tools.find(({ name }) => name === rest[0]);
    return { kind: 'help', text: asked === undefined ? overview(tools) : helpOf(asked) };
  }
  if (first === '--config') {
    const [file, ...more] = rest;
    const unknown = more.filter((word) => word !== watchOption);
    if (file === undefined || file === watchOption || unknown.length > 0)
      throw new PlantroomError('USAGE', `--config takes one FILE.yaml and ${watchOption}, got "${rest.join(' ')}"`);
    return { kind: 'run', file, watch: more.length > 0 };
  }
  const tool = tools.find(({ name }) => name === first);
  if (tool === undefined) {
    const allowed = ['--config', ...tools.map(({ name }) => name), '--help'];
    throw new PlantroomError('USAGE', notAllowed(first, 'a command of the gateway', allowed));
  }
  if (rest.includes('--help') || rest.includes('-h')) return { kind: 'help', text: helpOf(tool) };
  return { kind: 'tool', tool, args: rest };
}

function overview(tools: readonly Tool[]): string {
  const width = Math.max(...tools.map(({ name }) => name.length));
  return `npm run gateway -- --config FILE.yaml [${watchOption}]
  runs the gateway; reads the file and the profiles anew on SIGHUP, and with ${watchOption} when one of them has changed

npm run gateway -- COMMAND
${tools.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n')}

npm run gateway -- COMMAND --help says more.
`;
}

function helpOf({ name, usage, summary, help }: Tool): string {
  return `npm run gateway -- ${name} ${usage}\n  ${summary}\n\n${help}\n`;
}
