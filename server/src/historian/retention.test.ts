import { expect, test } from 'vitest';
import { kept, Retention } from './retention.ts';

const none = { raw: false, minute: false, hour: false };

test('left to itself it keeps 400 days of samples, three years of minutes, and hours for ever', () => {
  const retention = new Retention();
  expect(retention.expired('pump', 400)).toEqual(none);
  expect(retention.expired('pump', 401)).toEqual({ ...none, raw: true });
  expect(retention.expired('pump', 1_101)).toEqual({ raw: true, minute: true, hour: false });
  expect(retention.expired(null, 100_000)).toEqual({ raw: true, minute: true, hour: false });
});

test('a class has its own days, and what it leaves out is that of the site', () => {
  const retention = new Retention({ default: { rawDays: 90 }, classes: { elevator: { rawDays: 10, hourDays: 20 } } });
  expect(retention.expired('elevator', 11)).toEqual({ ...none, raw: true });
  expect(retention.expired('elevator', 21)).toEqual({ raw: true, minute: true, hour: true });
  expect(retention.expired('pump', 90)).toEqual(none);
  expect(retention.expired('pump', 91)).toEqual({ ...none, raw: true });
});

test('no level that was left out is shorter than a finer one, or longer than a coarser one', () => {
  const site = { raw: 400, minute: 1_100, hour: 2_000 };
  expect(kept({ rawDays: 3_000 }, site)).toEqual({ raw: 3_000, minute: 3_000, hour: 3_000 });
  expect(kept({ minuteDays: 100 }, site)).toEqual({ raw: 100, minute: 100, hour: 2_000 });
  expect(kept({ hourDays: 30 }, site)).toEqual({ raw: 30, minute: 30, hour: 30 });
  expect(kept(undefined, site)).toEqual(site);
});

test('a day is looked at again only when something of it has expired since', () => {
  const retention = new Retention({ default: { rawDays: 90 }, classes: { elevator: { rawDays: 10 } } });
  expect(retention.signature(10)).toBe('');
  expect(retention.signature(11)).not.toBe('');
  expect(retention.signature(11)).toBe(retention.signature(90));
  expect(retention.signature(91)).not.toBe(retention.signature(90));
});
