import type { HistorySeries, Point } from '@plantroom/contracts';
import { expect, test } from 'vitest';
import { pointTracks } from './point-tracks.ts';

const power = { id: 'demo/meter/power', kind: 'number', unit: 'W', symbol: 'W', precision: 0 } as Point;
const series: HistorySeries = {
  point: power.id,
  t: [0, 60_000],
  v: [200_000, 300_000],
  min: [100_000, 250_000],
  max: [250_000, 350_000],
  truncated: false,
  holes: [
    { fromMs: 10, toMs: 20, reason: 'comm-lost' },
    { fromMs: 30, toMs: 40, reason: 'thinned' },
  ],
};
const label = 'Active power';

test('a line of buckets lies between its extremes, in the unit of the screen, and breaks where nothing is known', () => {
  const { looks, lines } = pointTracks(power, series, { label, resolutionMs: 60_000, extremes: true });
  expect(looks.map(({ edge, symbol, stepped }) => [edge, symbol, stepped])).toEqual([
    ['min', 'kW', false],
    ['max', 'kW', false],
    [undefined, 'kW', false],
  ]);
  expect(lines.map(({ v }) => v)).toEqual([series.min, series.max, series.v]);
  for (const { factor, holes } of lines) {
    expect(factor).toBe(0.001);
    expect(holes).toEqual([series.holes[0]]);
  }
});

test('what is known beyond the series goes on the line alone, and samples hold until the next one', () => {
  const line = { t: [0, 60_000, 90_000], v: [1, 2, 3] };
  const { looks, lines } = pointTracks(power, series, { label, resolutionMs: null, extremes: false, line });
  expect(looks).toEqual([{ id: power.id, label, symbol: 'kW', precision: 2, stepped: true }]);
  expect(lines).toMatchObject([line]);
});
