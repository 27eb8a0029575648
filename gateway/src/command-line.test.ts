import { expect, test } from 'vitest';
import { parseCommandLine } from './command-line.ts';
import { readGatewayEnvironment } from './environment.ts';

test('a file to run or to check', () => {
  expect(parseCommandLine(['--config', 'a.yaml'])).toEqual({ kind: 'run', file: 'a.yaml' });
  expect(parseCommandLine(['check', 'a.yaml'])).toEqual({ kind: 'check', file: 'a.yaml' });
});

test('anything else is refused with what is allowed', () => {
  for (const args of [[], ['--config'], ['run', 'a.yaml'], ['check', 'a.yaml', 'b.yaml']])
    expect(() => parseCommandLine(args)).toThrow(/allowed: --config FILE\.yaml, or check FILE\.yaml.*USAGE/);
});

test('the environment has defaults, and a wrong level is refused', () => {
  expect(readGatewayEnvironment({})).toMatchObject({ dataDir: './data', logLevel: 'info' });
  expect(readGatewayEnvironment({ PLANTROOM_DATA_DIR: '/srv/x', PLANTROOM_LOG_LEVEL: 'debug' })).toMatchObject({
    dataDir: '/srv/x',
    logLevel: 'debug',
  });
  expect(() => readGatewayEnvironment({ PLANTROOM_LOG_LEVEL: 'loud' })).toThrow(/"loud".*trace, debug/);
});
