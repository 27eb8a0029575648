import { systemClock } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { probeTool } from '../../gateway/src/tools/probe/probe-tool.ts';
import { startProfileServer } from '../helpers/profile-server.ts';

test('probe finds the units that are there and ranks the profile of each first', async () => {
  const units = { 1: 'eastron/sdm630', 2: 'carlo-gavazzi/em24', 3: 'abb/b23-b24', 9: 'chint/dtsu666' };
  const server = await startProfileServer(units);
  let out = '';
  const io = {
    environment: { dataDir: '.', logLevel: 'info', variables: {} },
    clock: systemClock,
    out: (text: string) => {
      out += text;
    },
    note: () => undefined,
    signal: new AbortController().signal,
    screen: undefined,
  };
  const target = `tcp://127.0.0.1:${server.port}`;
  expect(await probeTool.run([target, '--units', '1-10', '--timeout', '5000', '--json'], io)).toBe(0);
  await server.stop();
  const [result] = JSON.parse(out) as { suggestions: { unit: number; suggestions: { profile: string }[] }[] }[];
  const first = result?.suggestions.map(({ unit, suggestions }) => [String(unit), suggestions[0]?.profile]);
  expect(Object.fromEntries(first ?? [])).toEqual(units);
});
