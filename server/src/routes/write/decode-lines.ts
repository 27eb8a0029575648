import { errorMessage, isQualityReason, PlantroomError } from '@plantroom/contracts';
import type { HistorianSample, QualityChange } from '../../historian/historian.ts';
import { type FieldValue, linesOf, type ParsedLine, parseLine, parseSeries } from './line-protocol-parser.ts';
import { type LineTarget, lineTarget } from './line-target.ts';

export const precisions = { ns: 6, us: 3, u: 3, ms: 0, s: -3 } as const;
export type Precision = keyof typeof precisions;

export interface RefusedLine {
  /** 1-based. */
  line: number;
  message: string;
}

export interface DecodedLines {
  samples: HistorianSample[];
  quality: QualityChange[];
  refused: RefusedLine[];
  /** Text fields: valid, but no telemetry; not stored. */
  texts: number;
}

interface KnownSeries {
  target: LineTarget;
  /** Field key → point id. */
  points: Map<string, string>;
}

const maxTimeMs = Date.UTC(9999, 11, 31);
const maxKnownSeries = 100_000;
const qualityCodes = [0, 192, 500];

/** Turns bodies into samples. Remembers the series it has seen, because a body names the same few thousand again and again. */
export class LineDecoder {
  readonly #known = new Map<string, KnownSeries>();

  /** Lines that are wrong are refused one by one; the others count. */
  decode(body: string, options: { precision: Precision; nowMs: number }): DecodedLines {
    const decoded: DecodedLines = { samples: [], quality: [], refused: [], texts: 0 };
    for (const [line, number] of linesOf(body)) {
      try {
        this.#take(parseLine(line), options, decoded);
      } catch (error) {
        if (!(error instanceof PlantroomError)) throw error;
        const what = errorMessage(error).replace(` [${error.code}]`, '');
        decoded.refused.push({ line: number, message: `unable to parse '${shortened(line)}': ${what}` });
      }
    }
    return decoded;
  }

  #take(line: ParsedLine, options: { precision: Precision; nowMs: number }, decoded: DecodedLines): void {
    const series = this.#seriesOf(line.series);
    const timeMs = line.timestamp === null ? options.nowMs : toMs(line.timestamp, options.precision);
    if (series.target.kind === 'quality') {
      decoded.quality.push(qualityChange(series.target.point, timeMs, line.fields));
      return;
    }
    for (const [field, value] of line.fields) {
      if (typeof value === 'string') {
        decoded.texts++;
        continue;
      }
      let point = series.points.get(field);
      if (point === undefined) {
        point = series.target.pointOf(field);
        series.points.set(field, point);
      }
      decoded.samples.push({ point, timeMs, value: Number(value) });
    }
  }

  #seriesOf(text: string): KnownSeries {
    let series = this.#known.get(text);
    if (series === undefined) {
      series = { target: lineTarget(parseSeries(text)), points: new Map() };
      if (this.#known.size >= maxKnownSeries) this.#known.clear();
      this.#known.set(text, series);
    }
    return series;
  }
}

function qualityChange(point: string, timeMs: number, fields: readonly [string, FieldValue][]): QualityChange {
  const code = fields.find(([key]) => key === 'code')?.[1];
  const reason = fields.find(([key]) => key === 'reason')?.[1];
  if (typeof code !== 'number' || !qualityCodes.includes(code)) {
    throw new PlantroomError(
      'LINE_INVALID',
      `field "code" is ${code ?? 'missing'}; allowed: ${qualityCodes.join(', ')}`,
    );
  }
  return { point, timeMs, code, reason: typeof reason === 'string' && isQualityReason(reason) ? reason : null };
}

/** Whole ms; finer digits are cut off. */
function toMs(digits: string, precision: Precision): number {
  const shift = precisions[precision];
  const timeMs = shift <= 0 ? Number(digits) * 10 ** -shift : Number(digits.slice(0, -shift) || '0');
  if (digits.startsWith('-') || timeMs > maxTimeMs) {
    throw new PlantroomError('LINE_INVALID', `time outside range 0 - ${maxTimeMs} ms (precision ${precision})`);
  }
  return timeMs;
}

function shortened(line: string): string {
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
