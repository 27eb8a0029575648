import { setImmediate as nextTurn } from 'node:timers/promises';
import { errorMessage, isQualityReason, PlantroomError } from '@plantroom/contracts';
import type { HistorianSample, QualityChange } from '../../historian/historian.ts';
import { type FieldValue, type ParsedLine, parseLine, parseSeries } from './line-protocol-parser.ts';
import { type LineTarget, lineTarget } from './line-target.ts';
import { linesOf } from './lines-of.ts';
import { type Precision, timeOf } from './precision.ts';

export interface RefusedLine {
  /** 1-based. */
  line: number;
  message: string;
}

export interface DecodedLines {
  samples: HistorianSample[];
  quality: QualityChange[];
  /** The first hundred; a body of nonsense is not kept twice. */
  refused: RefusedLine[];
  refusedLines: number;
  /** Text fields: valid, but no telemetry; not stored. */
  texts: number;
}

interface KnownSeries {
  target: LineTarget;
  /** Field key → point id. */
  points: Map<string, string>;
}

/** The name of InfluxDB's own column. */
const timeColumn = 'time';
/** Series and fields. */
const mostKnown = 500_000;
const mostRefused = 100;
const qualityCodes = [0, 192, 500];
/** A large body must not keep alarms and screens waiting: after so many lines others have their turn. */
const linesInATurn = 2000;
/** What a decoder of UTF-8 puts in the place of bytes that are none. */
const replacement = '\ufffd';

export interface DecodeOptions {
  precision: Precision;
  /** Server time for lines without a timestamp, UTC ms. */
  nowMs: number;
  /** The body was not UTF-8 throughout: lines with replaced characters are refused. Left out: it was. */
  damaged?: boolean;
}

/** Turns bodies into samples. Remembers the series it has seen, because a body names the same few thousand again and again. */
export class LineDecoder {
  readonly #known = new Map<string, KnownSeries>();
  #remembered = 0;

  /** Lines that are wrong are refused one by one; the others count. */
  async decode(body: string, options: DecodeOptions): Promise<DecodedLines> {
    const decoded: DecodedLines = { samples: [], quality: [], refused: [], refusedLines: 0, texts: 0 };
    let lines = 0;
    for (const [line, number] of linesOf(body)) {
      if (++lines % linesInATurn === 0) await nextTurn();
      try {
        if (options.damaged === true && line.includes(replacement)) throw refusal('invalid UTF-8');
        this.#take(parseLine(line), options, decoded);
      } catch (error) {
        if (!(error instanceof PlantroomError)) throw error;
        const what = errorMessage(error).replace(` [${error.code}]`, '');
        if (++decoded.refusedLines > mostRefused) continue;
        decoded.refused.push({ line: number, message: `unable to parse '${shortened(line)}': ${what}` });
      }
    }
    return decoded;
  }

  #take(line: ParsedLine, options: DecodeOptions, decoded: DecodedLines): void {
    const series = this.#seriesOf(line.series);
    const timeMs = line.timestamp === null ? options.nowMs : timeOf(line.timestamp, options.precision);
    if (series.target.kind === 'quality') {
      decoded.quality.push(qualityChange(series.target.point, timeMs, line.fields));
      return;
    }
    for (const [field, value] of line.fields) {
      if (field === timeColumn) {
        // Beside others it is left out, as InfluxDB does.
        if (line.fields.length > 1) continue;
        throw refusal(`invalid field name: input field "${timeColumn}" is invalid`);
      }
      if (typeof value === 'string') {
        decoded.texts++;
        continue;
      }
      let point = series.points.get(field);
      if (point === undefined) {
        point = ownCopy(series.target.pointOf(field));
        this.#remember();
        series.points.set(ownCopy(field), point);
      }
      decoded.samples.push({ point, timeMs, value: Number(value) });
    }
  }

  #remember(): void {
    if (++this.#remembered <= mostKnown) return;
    this.#known.clear();
    this.#remembered = 0;
  }

  #seriesOf(text: string): KnownSeries {
    let series = this.#known.get(text);
    if (series === undefined) {
      const parsed = parseSeries(text);
      if (parsed.tags.has(timeColumn)) throw refusal(`invalid tag key: input tag "${timeColumn}" is invalid`);
      series = { target: lineTarget(parsed), points: new Map() };
      this.#remember();
      this.#known.set(ownCopy(text), series);
    }
    return series;
  }
}

function qualityChange(point: string, timeMs: number, fields: readonly [string, FieldValue][]): QualityChange {
  const code = fields.find(([key]) => key === 'code')?.[1];
  const reason = fields.find(([key]) => key === 'reason')?.[1];
  if (typeof code !== 'number' || !qualityCodes.includes(code)) {
    throw refusal(`field "code" is ${code ?? 'missing'}; allowed: ${qualityCodes.join(', ')}`);
  }
  return { point, timeMs, code, reason: typeof reason === 'string' && isQualityReason(reason) ? reason : null };
}

/** A piece of a string keeps the whole of it in memory; what is remembered must not keep bodies. */
function ownCopy(text: string): string {
  return Buffer.from(text).toString();
}

function refusal(what: string): PlantroomError {
  return new PlantroomError('LINE_INVALID', what);
}

function shortened(line: string): string {
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
