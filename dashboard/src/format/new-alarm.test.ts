import { expect, test } from 'vitest';
import { guidanceOf, noWords, ruleName } from './new-alarm.ts';

test('an alarm that is added gets a name that nothing has', () => {
  expect(ruleName('HH', 'hq/p/t', [])).toBe('site-hh');
  expect(ruleName('rate', 'hq/p/t', ['hq/p/t#site-rate', 'hq/p/t#site-rate-2'])).toBe('site-rate-3');
});

test('words in one language only are no guidance', () => {
  const text = { zh: '测试', en: 'test' };
  const whole = { name: text, cause: text, consequence: text, response: text };
  expect(guidanceOf(whole, '30')).toEqual({ ...whole, timeToRespondMs: 1_800_000 });
  expect(guidanceOf(whole, '0')).toBeNull();
  expect(guidanceOf({ ...whole, cause: { zh: '测试', en: ' ' } }, '30')).toBeNull();
  expect(guidanceOf(noWords(), '30')).toBeNull();
});
