import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LineDecoder } from '../../server/src/routes/write/decode-lines.ts';
import { parseLine, parseSeries } from '../../server/src/routes/write/line-protocol-parser.ts';
import { linesOf } from '../../server/src/routes/write/lines-of.ts';
import { timeOf } from '../../server/src/routes/write/precision.ts';
import { peer } from '../helpers/peers.ts';
import { type RunningInfluxd, runInfluxd } from '../helpers/run-influxd.ts';
import { alike, different } from './line-protocol/line-table.ts';

const influxd = peer('influxd');

/** What one line says, in an order that does not depend on who has read it. */
interface Said {
  measurement: string;
  tags: [string, string][];
  fields: [string, number | string | boolean][];
  timeMs: number | null;
}
interface Outcome {
  taken: boolean;
  said: Said[];
}

const nothingMs = 1_000_000_000_000;
const sorted = <T>(entries: [string, T][]): [string, T][] => entries.sort(([a], [b]) => (a < b ? -1 : 1));

async function ours(body: string): Promise<Outcome> {
  const { refusedLines } = await new LineDecoder().decode(body, { precision: 'ms', nowMs: nothingMs });
  const said = [...linesOf(body)].flatMap(([line]): Said[] => {
    try {
      const { series, fields, timestamp } = parseLine(line);
      const { measurement, tags } = parseSeries(series);
      // The last of two fields with one key counts, and none is called time.
      const values = Object.entries(Object.fromEntries(fields)).filter(([key]) => key !== 'time');
      if (tags.has('time') || values.length === 0) return [];
      return [
        {
          measurement,
          tags: sorted([...tags]),
          fields: sorted(values),
          timeMs: timestamp === null ? null : timeOf(timestamp, 'ms'),
        },
      ];
    } catch {
      return [];
    }
  });
  return { taken: refusedLines === 0, said };
}

interface Series {
  name: string;
  tags?: Record<string, string>;
  columns: string[];
  values: (string | number | boolean | null)[][];
}

describe.skipIf(!influxd.available)(
  `line protocol beside InfluxDB${influxd.available ? '' : ` (${influxd.hint})`}`,
  () => {
    let server: RunningInfluxd;
    let databases = 0;

    /** Each body into a database of its own, so that no type of an earlier one is in its way. */
    async function theirs(body: string): Promise<Outcome & { why: string }> {
      const database = `d${databases++}`;
      await server.command(`CREATE DATABASE "${database}"`);
      const beganMs = Date.now();
      const answer = await fetch(`${server.url}/write?db=${database}&precision=ms`, { method: 'POST', body });
      const why = await answer.text();
      const { results } = await server.query<{ results: { series?: Series[] }[] }>(
        database,
        'SELECT * FROM /.*/ GROUP BY *',
      );
      const said = (results[0]?.series ?? []).flatMap(({ name, tags = {}, columns, values }) =>
        values.map((row): Said => {
          const [timeMs, ...rest] = row;
          const fields = rest.flatMap((value, i): [string, number | string | boolean][] =>
            value === null ? [] : [[columns[i + 1] ?? '', value]],
          );
          // Its own clock: the line had no time.
          const isNow = Number(timeMs) >= beganMs && Number(timeMs) <= Date.now();
          return {
            measurement: name,
            tags: sorted(Object.entries(tags)),
            fields: sorted(fields),
            timeMs: isNow ? null : Number(timeMs),
          };
        }),
      );
      await server.command(`DROP DATABASE "${database}"`);
      return { taken: answer.status === 204, said, why };
    }

    const inOrder = (said: Said[]): string[] => said.map((one) => JSON.stringify(one)).sort();

    beforeAll(async () => {
      server = await runInfluxd();
    });
    afterAll(async () => {
      await server.stop();
    });

    test.each(alike)('both alike: %j', async (body) => {
      const [here, there] = [await ours(body), await theirs(body)];
      expect({ taken: here.taken, said: inOrder(here.said) }, there.why).toEqual({
        taken: there.taken,
        said: inOrder(there.said),
      });
    });

    test.each(different)('$why: $body', async ({ body, here, there }) => {
      expect((await ours(body)).taken).toBe(here === 'taken');
      expect((await theirs(body)).taken).toBe(there === 'taken');
    });

    const escaped = (text: string, what: RegExp): string => text.replace(what, (c) => `\\${c}`);
    const name = fc
      .string({
        unit: fc.constantFrom('a', 'B', '7', ' ', ',', '=', '"', '-', '_', '.', '/', '楼', '°', '😀'),
        minLength: 1,
        maxLength: 8,
      })
      // A backslash cannot stand at the end of a name; time is InfluxDB's own; it ends names with a quote at the next one.
      .filter((text) => text !== 'time');
    const value = fc.oneof(
      fc.integer({ min: -(2 ** 53), max: 2 ** 53 }).map((n) => `${n}i`),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => String(n).replace('e+', 'e')),
      fc.constantFrom('t', 'T', 'true', 'True', 'TRUE', 'f', 'F', 'false', 'False', 'FALSE'),
      fc
        .string({ unit: fc.constantFrom('x', ' ', ',', '=', '"', '\\', '\n', '楼', '#'), maxLength: 8 })
        .map((text) => `"${escaped(text, /["\\]/g)}"`),
    );
    const timeMs = fc.integer({ min: 0, max: 9_223_372_036_853 });
    const line = fc
      .record({
        measurement: name.filter((text) => !/^[ #"]/.test(text)),
        tags: fc.uniqueArray(fc.tuple(name, name), { maxLength: 3, selector: ([key]) => key }),
        // A quote in a field key is one of the differences.
        fields: fc.uniqueArray(
          fc.tuple(
            name.map((key) => key.replaceAll('"', 'q')),
            value,
          ),
          { minLength: 1, maxLength: 3, selector: ([key]) => key },
        ),
        time: timeMs,
      })
      .map(({ measurement, tags, fields, time }) => {
        const head = [
          escaped(measurement, /[, ]/g),
          ...tags.map((tag) => tag.map((text) => escaped(text, /[,= ]/g)).join('=')),
        ];
        return `${head.join(',')} ${fields.map(([key, text]) => `${escaped(key, /[,= ]/g)}=${text}`).join(',')} ${time}`;
      });

    test('generated lines are stored alike, whatever is in their names and strings', async () => {
      await fc.assert(
        fc.asyncProperty(line, async (body) => {
          const [here, there] = [await ours(body), await theirs(body)];
          expect({ ...here, said: inOrder(here.said) }, there.why).toEqual({
            taken: there.taken,
            said: inOrder(there.said),
          });
        }),
        { numRuns: 150, seed: 7 },
      );
    });

    test('lines with a letter changed, left out or put in are taken or refused alike, but for the differences that are known', async () => {
      const damage = fc.record({ at: fc.nat(80), what: fc.constantFrom('', ' ', ',', '=', '"', '1', 'i', '-', '\\') });
      const isKnown = (body: string): boolean => body.includes('"') || /\b\d+u\b/.test(body) || / -\d+ *$/.test(body);
      await fc.assert(
        fc.asyncProperty(line, damage, async (body, { at, what }) => {
          const letters = [...body];
          const damaged = letters.with(at % letters.length, what).join('');
          fc.pre(!isKnown(damaged) && !damaged.includes('time'));
          const [here, there] = [await ours(damaged), await theirs(damaged)];
          expect({ ...here, said: inOrder(here.said) }, there.why).toEqual({
            taken: there.taken,
            said: inOrder(there.said),
          });
        }),
        { numRuns: 150, seed: 11 },
      );
    });
  },
);
