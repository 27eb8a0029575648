import { expect, test } from 'vitest';
import { longestFirst } from './run-all.ts';

test('the longest stretch begins first, so that none is left for one process at the end; equal ones as they are named', () => {
  const scenarios = [
    { scenario: 'a', duration: '40min' },
    { scenario: 'b', duration: '90min' },
    { scenario: 'c', duration: '40min' },
    { scenario: 'week', duration: '7d', segments: 2 },
    { scenario: 'days', duration: '5d' },
  ];
  expect(longestFirst(scenarios).map(({ scenario }) => scenario)).toEqual(['days', 'week', 'b', 'a', 'c']);
});
