import { expect, test } from 'vitest';
import { predictExchange, predictLoad } from './bus-utilisation.ts';

test('a read of ten registers at 9600 baud takes 33 characters, two silences and the turn-around', () => {
  const line = { kind: 'serial', baud: 9600, turnaroundMs: 5 } as const;
  const exchange = predictExchange({ bits: false, count: 10, framing: 'standard' }, line);
  expect([exchange.requestBytes, exchange.responseBytes]).toEqual([8, 25]);
  expect(exchange.durationMs).toBeCloseTo((33 + 7) * (11 / 9.6) + 5, 6);
});

test('above 19200 baud the silence is fixed, and the 16-bit byte count adds a byte', () => {
  const line = { kind: 'serial', baud: 38400, turnaroundMs: 0 } as const;
  const exchange = predictExchange({ bits: false, count: 1, framing: 'inovance-rtu16' }, line);
  expect(exchange.responseBytes).toBe(8);
  expect(exchange.durationMs).toBeCloseTo(16 * (11 / 38.4) + 3.5, 6);
});

test('bits travel eight to a byte', () => {
  const exchange = predictExchange({ bits: true, count: 2000, framing: 'standard' }, { kind: 'tcp', roundTripMs: 2 });
  expect(exchange).toEqual({ requestBytes: 12, responseBytes: 259, durationMs: 2 });
});

test('the load of a line is the sum over its reads', () => {
  const read = { bits: false, count: 10, framing: 'standard', periodMs: 1000 } as const;
  const load = predictLoad([read, { ...read, periodMs: 500 }], { kind: 'tcp', roundTripMs: 10 }, 15);
  expect(load.requestsPerSecond).toBe(3);
  expect(load.utilisation).toBeCloseTo(0.075);
  expect(load.cycleMs).toBe(50);
});
