import { silentLogger, VirtualClock } from '@plantroom/contracts';
import { beforeEach, describe, expect, test } from 'vitest';
import { type MediumEvents, ReopeningLine } from './reopening-line.ts';

let clock: VirtualClock;
let line: ReopeningLine;
/** One entry an attempt, in the order in which they were made. */
let attempts: MediumEvents[];

const latest = (): MediumEvents => attempts[attempts.length - 1]!;

/** How long the line waits before the next attempt, ms. */
function pauseMs(): number {
  const before = attempts.length;
  let waited = 0;
  while (attempts.length === before && waited < 60_000) {
    clock.advance(1);
    waited += 1;
  }
  return waited;
}

beforeEach(() => {
  clock = new VirtualClock();
  attempts = [];
  line = new ReopeningLine(
    {
      name: '192.0.2.1:502',
      open: (events) => {
        attempts.push(events);
        return { write: () => undefined, close: () => events.closed('closed') };
      },
    },
    {
      clock,
      logger: silentLogger,
      connectDelayMs: 0,
      onBytes: () => undefined,
      onClosed: () => undefined,
      onRefused: () => undefined,
    },
  );
  line.start();
});

describe('the pause before a connection is made again', () => {
  test('doubles with each attempt that fails, up to a ceiling', () => {
    const pauses = Array.from({ length: 9 }, () => {
      latest().closed('refused');
      return pauseMs();
    });
    expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  test('grows as well where each connection stands and none answers', () => {
    const pauses = Array.from({ length: 3 }, () => {
      latest().opened();
      line.drop('no Modbus');
      return pauseMs();
    });
    expect(pauses).toEqual([500, 1000, 2000]);
  });

  test('is a moment where something was answered, once: nonsense of one device must not silence the others', () => {
    latest().closed('refused');
    pauseMs();
    latest().opened();
    line.proven();
    const pauses = Array.from({ length: 3 }, () => {
      latest().opened();
      line.drop('no Modbus');
      return pauseMs();
    });
    expect(pauses).toEqual([50, 500, 1000]);
  });

  test('is such a moment three times in a row, then the usual one: a peer that closes after each answer is not run down', () => {
    const answeredOnce = () => {
      latest().opened();
      line.proven();
      latest().closed('closed by the peer');
      return pauseMs();
    };
    expect(Array.from({ length: 7 }, answeredOnce)).toEqual([50, 50, 50, 500, 50, 500, 50]);
    clock.advance(60_000);
    expect(Array.from({ length: 4 }, answeredOnce)).toEqual([50, 50, 50, 500]);
  });
});
