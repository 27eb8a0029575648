import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lossOf, type WatchedDevice } from './device-loss.ts';

const bounds = { settleMs: 60_000, givenUpMs: 60_000 };
const time = fc.integer({ min: 0, max: 200_000 });
const device: fc.Arbitrary<WatchedDevice> = fc.record({
  online: fc.boolean(),
  sinceMs: time,
  gateway: fc.record({ online: fc.boolean(), sinceMs: time }),
  line: fc.option(fc.record({ isUp: fc.boolean(), upSinceMs: time, heardMs: time })),
});

test('a device that is there is not lost, and behind a lost gateway or connection nobody knows', () => {
  fc.assert(
    fc.property(device, time, (one, nowMs) => {
      const { is } = lossOf(one, nowMs, bounds);
      if (one.online) expect(is).toBe('there');
      else if (!one.gateway.online || one.line?.isUp === false) expect(is).toBe('unknown');
      else expect(is).not.toBe('there');
    }),
  );
});

test('it is told within two minutes of the last change of anything, never before it was silent, and stays told', () => {
  fc.assert(
    fc.property(device, fc.nat(100_000), (one, laterMs) => {
      const away = { ...one, online: false, gateway: { ...one.gateway, online: true } };
      const line = away.line === null ? null : { ...away.line, isUp: true };
      const lastMs = Math.max(away.sinceMs, away.gateway.sinceMs, line?.upSinceMs ?? 0);
      const dueMs = lastMs + Math.max(bounds.settleMs, bounds.givenUpMs);
      const loss = lossOf({ ...away, line }, dueMs, bounds);
      expect(loss).toEqual({ is: 'lost', sinceMs: lastMs });
      expect(lossOf({ ...away, line }, dueMs + laterMs, bounds)).toEqual(loss);
    }),
  );
});

test('alone on its connection it is lost at once', () => {
  const one = { online: false, sinceMs: 100, gateway: { online: true, sinceMs: 50 }, line: null };
  expect(lossOf(one, 100, bounds)).toEqual({ is: 'lost', sinceMs: 100 });
});
