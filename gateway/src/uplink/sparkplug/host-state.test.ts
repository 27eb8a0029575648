import { describe, expect, test } from 'vitest';
import { nextHostState, parseHostState } from './host-state.ts';

describe('STATE of the primary host', () => {
  test('counts when it is as new as the last that counted, whatever it says, and not when it is older', () => {
    const on = { online: true, timestamp: 2_000 };
    expect(nextHostState(undefined, on)).toBe(on);
    const sameTime = { online: false, timestamp: 2_000 };
    expect(nextHostState(on, sameTime)).toBe(sameTime);
    expect(nextHostState(on, { online: false, timestamp: 1_999 })).toBe(on);
    expect(nextHostState(sameTime, { online: true, timestamp: 1_000 })).toBe(sameTime);
  });

  test.each([
    ['the bare word of Sparkplug 2.2', 'ONLINE'],
    ['a word for the Boolean', '{"online":"true","timestamp":1}'],
    ['no time', '{"online":true}'],
    ['text for the time', '{"online":true,"timestamp":"1"}'],
    ['half a message', '{"online":tr'],
    ['null', 'null'],
  ])('%s is no STATE', (_, text) => {
    expect(parseHostState(Buffer.from(text))).toBeUndefined();
  });
});
