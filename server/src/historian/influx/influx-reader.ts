import { type HistorySeries, parsePointId, qualityMeasurement } from '@plantroom/contracts';
import type { HistorianSample } from '../historian.ts';
import { type QualityMark, SeriesFold, type SeriesRange } from '../series-fold.ts';
import type { InfluxHttp, InfluxSeries } from './influx-http.ts';

/** Rows of one answer; the next begins behind the last. Keeps the answer and our memory small whatever the range. */
const pageRows = 50_000;

interface Row {
  timeMs: number;
  value: number;
}

/** Where the samples of a point lie. */
interface Source {
  /** Quoted measurement, or all of them when the class is unknown. */
  from: string;
  field: string;
  where: string;
  qualityWhere: string;
}

export async function readSeries(
  http: InfluxHttp,
  of: { point: string; measurement: string | null; range: SeriesRange },
): Promise<HistorySeries> {
  const { point, range } = of;
  const source = sourceOf(point, of.measurement);
  const [beforeRows, qualityBefore, qualityRows, firstPage] = await http.query([
    lastStatement(source, `time < ${range.fromMs}ms`),
    ...qualityStatements(source, range),
    pageStatement(source, range.fromMs, range.toMs),
  ]);
  const before = { sample: newest(beforeRows), quality: marksOf(qualityBefore)[0] ?? null };
  const fold = new SeriesFold(point, range, { before, marks: marksOf(qualityRows) });
  let page = rowsOf(firstPage);
  for (;;) {
    for (const { timeMs, value } of page) fold.add(timeMs, value);
    const last = page.at(-1);
    if (last === undefined || page.length < pageRows || fold.full) return fold.finish();
    const [next] = await http.query([pageStatement(source, last.timeMs + 1, range.toMs)]);
    page = rowsOf(next);
  }
}

export async function readQuality(
  http: InfluxHttp,
  point: string,
  range: { fromMs: number; toMs: number },
): Promise<{ before: QualityMark | null; marks: QualityMark[] }> {
  const [before, within] = await http.query(qualityStatements(sourceOf(point, null), range));
  return { before: marksOf(before)[0] ?? null, marks: marksOf(within) };
}

export async function readLatest(
  http: InfluxHttp,
  points: readonly { point: string; measurement: string | null }[],
): Promise<HistorianSample[]> {
  if (points.length === 0) return [];
  const answers = await http.query(
    points.map(({ point, measurement }) => lastStatement(sourceOf(point, measurement), null)),
  );
  return points.flatMap(({ point }, i) => {
    const row = newest(answers[i]);
    return row === null ? [] : [{ point, ...row }];
  });
}

function sourceOf(point: string, measurement: string | null): Source {
  // Parsed first: nothing but slugs gets between the quotes.
  const { site, equipment, point: field } = parsePointId(point);
  const where = `"site" = '${site}' AND "equipment" = '${equipment}'`;
  return {
    from: measurement === null ? '/.*/' : `"${measurement.replace(/["\\]/g, (c) => `\\${c}`)}"`,
    field: `"${field}"`,
    where,
    qualityWhere: `${where} AND "point" = '${field}'`,
  };
}

/** The change before the range, and those within. */
function qualityStatements({ qualityWhere }: Source, range: { fromMs: number; toMs: number }): [string, string] {
  const select = `SELECT "code", "reason" FROM "${qualityMeasurement}" WHERE ${qualityWhere} AND`;
  return [
    `${select} time < ${range.fromMs}ms ORDER BY time DESC LIMIT 1`,
    `${select} time >= ${range.fromMs}ms AND time < ${range.toMs}ms`,
  ];
}

function lastStatement({ field, from, where }: Source, time: string | null): string {
  return `SELECT last(${field}) FROM ${from} WHERE ${where}${time === null ? '' : ` AND ${time}`}`;
}

function pageStatement({ field, from, where }: Source, fromMs: number, toMs: number): string {
  return `SELECT ${field} FROM ${from} WHERE ${where} AND time >= ${fromMs}ms AND time < ${toMs}ms LIMIT ${pageRows}`;
}

/** In order of time, whatever number of measurements they came from. */
function rowsOf(answer: readonly InfluxSeries[] | undefined): Row[] {
  const rows = (answer ?? [])
    .filter(({ name }) => name !== qualityMeasurement)
    .flatMap(({ values }) =>
      values.flatMap(([time, value]) =>
        typeof time === 'number' && (typeof value === 'number' || typeof value === 'boolean')
          ? [{ timeMs: time, value: Number(value) }]
          : [],
      ),
    );
  return (answer ?? []).length > 1 ? rows.sort((a, b) => a.timeMs - b.timeMs) : rows;
}

function newest(answer: readonly InfluxSeries[] | undefined): Row | null {
  return rowsOf(answer).at(-1) ?? null;
}

function marksOf(answer: readonly InfluxSeries[] | undefined): QualityMark[] {
  return (answer ?? []).flatMap(({ values }) =>
    values.flatMap(([time, code, reason]) =>
      typeof time === 'number' && typeof code === 'number'
        ? [{ timeMs: time, code, reason: typeof reason === 'string' && reason !== '' ? reason : null }]
        : [],
    ),
  );
}
