import { expect, test } from 'vitest';
import { predictExchange, predictLoad, sustainedPeriodMs } from './bus-utilisation.ts';

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
  expect(exchange).toMatchObject({ requestBytes: 12, responseBytes: 259, durationMs: 2 });
});

test('the load of a line is the sum over its reads', () => {
  const read = { bits: false, count: 10, framing: 'standard', periodMs: 1000, gapMs: 15 } as const;
  const load = predictLoad([read, { ...read, periodMs: 500 }], { kind: 'tcp', roundTripMs: 10 });
  expect(load.requestsPerSecond).toBe(3);
  expect(load.utilisation).toBeCloseTo(0.075);
  expect(load.cycleMs).toBe(50);
});

test('without parity and with one stop bit a character has ten bits, and a converter adds its way there and back', () => {
  const line = { kind: 'serial', baud: 9600, characterBits: 10, turnaroundMs: 5, networkMs: 2 } as const;
  const exchange = predictExchange({ bits: false, count: 10, framing: 'standard' }, line);
  expect(exchange.durationMs).toBeCloseTo((33 + 7) * (10 / 9.6) + 5 + 2, 6);
  expect(exchange.parts.framesMs).toBeCloseTo(33 * (10 / 9.6), 6);
});

test('a line within its means keeps every period', () => {
  expect(sustainedPeriodMs([{ busyMs: 500, periodMs: 1000 }])).toBe(0);
});

test('on a line that is asked too much, short periods become one round and long ones are kept', () => {
  // 30 × 60 ms wanted each second need 1800 ms; a minute's 3000 ms take 5 % of the line: 1800 / C + 3000 / 60000 = 1.
  const reads = Array.from({ length: 30 }, () => ({ busyMs: 60, periodMs: 1000 }));
  expect(sustainedPeriodMs([...reads, { busyMs: 3000, periodMs: 60_000 }])).toBeCloseTo(1800 / 0.95, 3);
});
