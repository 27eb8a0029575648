import { describe, expect, it } from 'vitest';
import { columnSlug, readRecording } from './recording.ts';

const options = { source: 'bed.csv', separator: ';', points: ['pressure', 'current', 'row'] };

describe('a recording', () => {
  it.each([
    ['Accelerometer1RMS', 'accelerometer-1-rms'],
    ['Volume Flow', 'volume-flow'],
    ['Current', 'current'],
  ])('column %s goes to point %s', (name, point) => {
    expect(columnSlug(name)).toBe(point);
  });

  it('has its rows at their distance from the first, and what no point takes is named', () => {
    const text =
      '\uFEFFtime;Current;Pressure;anomaly\r\n2026-03-02 08:00:00;1.5;-0.25;0\r\n\r\n2026-03-02 08:00:02.5;2;1e3;1\r\n';
    expect(readRecording(text, options)).toEqual({
      startMs: Date.UTC(2026, 2, 2, 8),
      columns: [
        { name: 'Current', point: 'current' },
        { name: 'Pressure', point: 'pressure' },
      ],
      ignored: ['anomaly'],
      rows: [
        { line: 2, offsetMs: 0, values: [1.5, -0.25] },
        { line: 4, offsetMs: 2500, values: [2, 1000] },
      ],
    });
  });

  it('takes a column that is named as the point, and an empty cell as no value where that is allowed', () => {
    const points = ['voltage-l1'];
    const { rows } = readRecording('t;voltage-l1\n1;230\n2;\n', { ...options, points, gaps: true });
    expect(rows.map(({ values }) => values)).toEqual([[230], [null]]);
  });

  it('takes a column that --map names', () => {
    const map = new Map([['Strom', 'current']]);
    const { columns } = readRecording('t;Strom;Pressure\n1;2;3\n', { ...options, map });
    expect(columns[0]).toEqual({ name: 'Strom', point: 'current' });
  });

  it.each([
    ['t;Current;Pressure\n1;2\n', /bed\.csv:2.*2 columns; the header has 3/],
    ['t;Current;Pressure\nnoon;2;3\n', /bed\.csv:2.*"noon" is no time/],
    ['t;Current;Pressure\n5;2;3\n4;2;3\n', /bed\.csv:3.*"4" is before the row above/],
    ['t;Current;Pressure\n1;;3\n', /bed\.csv:2.*Current.*"" is not a number/],
    ['t;Current;Pressure\n1;2;NaN\n', /bed\.csv:2.*Pressure.*"NaN" is not a number/],
    ['t;Current;Pressure\n', /there are no rows/],
    ['t;Current\n1;2\n', /no column for point "pressure".*--map/],
    ['t;Current;current;Pressure\n1;2;3;4\n', /2 columns for point "current"/],
  ])('%j is refused with line, column and value', (text, message) => {
    expect(() => readRecording(text, options)).toThrow(message);
  });
});
