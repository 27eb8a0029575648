import { describe, expect, test } from 'vitest';
import { parseCommandLine } from './command-line.ts';
import { tools } from './tools/registry.ts';

const parse = (...args: string[]) => parseCommandLine(args, tools);

describe('command line of the gateway', () => {
  test('--config runs a file, a tool gets its own arguments', () => {
    expect(parse('--config', 'edge.yaml')).toEqual({ kind: 'run', file: 'edge.yaml', watch: false });
    expect(parse('--config', 'edge.yaml', '--watch-config')).toEqual({ kind: 'run', file: 'edge.yaml', watch: true });
    expect(parse('check', 'edge.yaml')).toMatchObject({ kind: 'tool', tool: { name: 'check' }, args: ['edge.yaml'] });
  });

  test.each(tools.map(({ name }) => name))('%s explains itself', (name) => {
    const command = parse(name, '--help');
    expect(command.kind).toBe('help');
    expect(command.kind === 'help' && command.text).toContain(`npm run gateway -- ${name} `);
  });

  test('--help names every command', () => {
    const command = parse('--help');
    for (const { name } of tools) expect(command.kind === 'help' && command.text).toContain(name);
  });

  test.each([
    [[], /no command; allowed: --config FILE\.yaml, check/],
    [['--config'], /--config takes one FILE\.yaml/],
    [['--config', '--watch-config'], /--config takes one FILE\.yaml/],
    [['--config', 'a', 'b'], /got "a b"/],
    [['chek', 'a'], /"chek" is not a command of the gateway.*did you mean "check"/],
  ])('%j is refused, naming what is allowed', (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });
});
