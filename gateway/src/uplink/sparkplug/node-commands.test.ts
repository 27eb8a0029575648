import { expect, test } from 'vitest';
import { parseNodeCommands } from './node-commands.ts';
import { encodePayload, type UMetric } from './payload.ts';

const position = (name: string, value: number, properties: Record<string, string> = {}): UMetric => ({
  name: `Node Control/${name}`,
  type: 'UInt64',
  value,
  properties: Object.fromEntries(
    Object.entries(properties).map(([key, text]) => [key, { type: 'String', value: text }]),
  ),
});
const parsed = (...metrics: UMetric[]) => parseNodeCommands(encodePayload({ timestamp: 0, metrics }), 'plantroom');

test('what is stored and what is missing is heard from the primary host and from one that does not say who it is', () => {
  expect(parsed(position('Stored To', 5), position('Replay From', 3, { host: 'plantroom', lane: 'safety' }))).toEqual([
    { kind: 'stored-to', lane: 'live', position: 5 },
    { kind: 'replay-from', lane: 'safety', position: 3, request: 0 },
  ]);
});

test('of another host it is not: that would let go of what the primary one has not', () => {
  expect(
    parsed(position('Stored To', 5, { host: 'elsewhere' }), position('Replay From', 0, { host: 'elsewhere' })),
  ).toEqual([]);
});

test('any host may ask for the births', () => {
  const rebirth: UMetric = {
    name: 'Node Control/Rebirth',
    type: 'Boolean',
    value: true,
    properties: { host: { type: 'String', value: 'elsewhere' } },
  };
  expect(parsed(rebirth, { ...rebirth, value: false })).toEqual([{ kind: 'rebirth' }]);
});

test.each([[-1], [1.5], [Number.MAX_SAFE_INTEGER + 2]])('%s is no position', (value) => {
  expect(parsed({ ...position('Stored To', 0), type: 'Double', value })).toEqual([]);
});
