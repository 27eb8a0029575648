import { type Problem, ProblemsError } from '@plantroom/contracts';

export interface Recording {
  /** UTC ms of the first row; a time without zone counts as UTC. */
  startMs: number;
  /** Columns that are played, in the file's order, with the point each goes to. */
  columns: { name: string; point: string }[];
  /** Columns that no point takes. */
  ignored: string[];
  rows: RecordedRow[];
}

export interface RecordedRow {
  /** 1-based line in the file. */
  line: number;
  /** Since the first row, ms. */
  offsetMs: number;
  /** One for each of `columns`; null: it had none then. */
  values: (number | null)[];
}

export interface RecordingOptions {
  /** Named in errors. */
  source: string;
  separator: string;
  /** Points that the profile has. */
  points: readonly string[];
  /** Column → point; left out: by name. */
  map?: ReadonlyMap<string, string>;
  /** Whether a cell may be empty, for what had no value then; left out: no. */
  gaps?: boolean;
}

/** `Accelerometer1RMS` → `accelerometer-1-rms`, `Volume Flow` → `volume-flow`. */
export function columnSlug(name: string): string {
  return name
    .replace(/([a-z])([A-Z0-9])/g, '$1-$2')
    .replace(/([0-9])([A-Za-z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** First column: the time. Throws REPLAY_INVALID with line, column and value of the first fault. */
export function readRecording(text: string, options: RecordingOptions): Recording {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const header = (lines[0] ?? '').split(options.separator).map((name) => name.trim());
  const { played, ignored } = columnsOf(header, options);
  const rows: RecordedRow[] = [];
  let startMs = 0;
  let beforeMs = Number.NEGATIVE_INFINITY;
  for (let i = 1; i < lines.length; i++) {
    const textOfLine = lines[i] ?? '';
    if (textOfLine.trim() === '') continue;
    const line = i + 1;
    const cells = textOfLine.split(options.separator);
    if (cells.length !== header.length)
      throw fault(options, { line, path: '', message: `${cells.length} columns; the header has ${header.length}` });
    const timeMs = parseTime(cells[0] ?? '');
    if (timeMs === undefined || timeMs < beforeMs) {
      const why =
        timeMs === undefined
          ? 'no time; allowed: YYYY-MM-DD HH:MM:SS[.mmm] or epoch seconds or milliseconds'
          : 'before the row above';
      throw fault(options, { line, path: header[0] ?? '', message: `"${cells[0]}" is ${why}` });
    }
    beforeMs = timeMs;
    if (rows.length === 0) startMs = timeMs;
    const values = played.map(({ index, name }) => {
      const cell = (cells[index] ?? '').trim();
      if (cell === '' && options.gaps === true) return null;
      const value = Number(cell);
      if (cell === '' || !Number.isFinite(value))
        throw fault(options, { line, path: name, message: `"${cell}" is not a number` });
      return value;
    });
    rows.push({ line, offsetMs: timeMs - startMs, values });
  }
  if (rows.length === 0) throw fault(options, { line: 1, path: '', message: 'there are no rows' });
  return { startMs, columns: played.map(({ name, point }) => ({ name, point })), ignored, rows };
}

function columnsOf(header: readonly string[], options: RecordingOptions) {
  const wanted = options.points.filter((point) => point !== 'row');
  const played: { index: number; name: string; point: string }[] = [];
  const ignored: string[] = [];
  for (const name of options.map?.keys() ?? [])
    if (!header.includes(name))
      throw fault(options, { line: 1, path: name, message: `no such column; there are: ${header.join(', ')}` });
  header.slice(1).forEach((name, i) => {
    const point = options.map?.get(name) ?? (wanted.includes(name) ? name : columnSlug(name));
    if (wanted.includes(point)) played.push({ index: i + 1, name, point });
    else if (options.map?.has(name))
      throw fault(options, { line: 1, path: name, message: `no point "${point}"; allowed: ${wanted.join(', ')}` });
    else ignored.push(name);
  });
  for (const point of wanted) {
    const count = played.filter((column) => column.point === point).length;
    if (count === 1) continue;
    const columns = header.slice(1).join(', ');
    const message =
      count === 0
        ? `no column for point "${point}"; columns: ${columns}; say --map "COLUMN=${point}"`
        : `${count} columns for point "${point}"`;
    throw fault(options, { line: 1, path: '', message });
  }
  return { played, ignored };
}

/** A time without zone counts as UTC: only differences matter. */
function parseTime(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) {
    const number = Number(trimmed);
    return number > 1e11 ? number : number * 1000;
  }
  if (!/^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}/.test(trimmed)) return undefined;
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(trimmed) ? trimmed : `${trimmed}Z`;
  const timeMs = Date.parse(zoned.replace(' ', 'T'));
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

function fault(options: RecordingOptions, problem: Omit<Problem, 'source'>): ProblemsError {
  return new ProblemsError('REPLAY_INVALID', [{ source: options.source, ...problem }]);
}
