import { PlantroomError } from '@plantroom/contracts';

export type FieldValue = number | boolean | string;

export interface ParsedLine {
  /** Measurement and tags as written: the key of a series. */
  series: string;
  fields: [key: string, value: FieldValue][];
  /** Digits as written; null when the line has none. */
  timestamp: string | null;
}

export interface ParsedSeries {
  measurement: string;
  tags: Map<string, string>;
}

const floatPattern = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const integerPattern = /^-?\d+i$/;
const unsignedPattern = /^\d+u$/;
const timestampPattern = /^-?\d{1,19}$/;
const words: Readonly<Record<string, boolean>> = {
  t: true,
  T: true,
  true: true,
  True: true,
  TRUE: true,
  f: false,
  F: false,
  false: false,
  False: false,
  FALSE: false,
};
/** Outside strings a backslash means something before these only, and never before another one. */
const escapes = /\\([, =])/g;

function fail(what: string): never {
  throw new PlantroomError('LINE_INVALID', what);
}

/** Throws LINE_INVALID with InfluxDB's words for what is wrong. */
export function parseLine(line: string): ParsedLine {
  const plain = !line.includes('\\') && !line.includes('"');
  const seriesEnd = unescaped(line, ' ', 0);
  if (seriesEnd === 0) fail('missing measurement');
  if (seriesEnd < 0) fail('missing fields');
  const fieldsFrom = skipSpaces(line, seriesEnd);
  if (fieldsFrom === line.length) fail('missing fields');
  const { fields, end } = plain ? plainFields(line, fieldsFrom) : anyFields(line, fieldsFrom);
  return { series: line.slice(0, seriesEnd), fields, timestamp: timestampIn(line, end) };
}

export function parseSeries(series: string): ParsedSeries {
  const [head = '', ...tagTexts] = splitUnescaped(series, ',');
  const measurement = withoutEscapes(head);
  if (measurement === '') fail('missing measurement');
  const tags = new Map<string, string>();
  for (const text of tagTexts) {
    const at = unescaped(text, '=', 0);
    const key = withoutEscapes(at < 0 ? text : text.slice(0, at));
    if (key === '') fail('missing tag key');
    const value = at < 0 ? '' : text.slice(at + 1);
    if (value === '') fail('missing tag value');
    if (unescaped(value, '=', 0) >= 0) fail('invalid tag format');
    if (tags.has(key)) fail('duplicate tags');
    tags.set(key, withoutEscapes(value));
  }
  return { measurement, tags };
}

interface Fields {
  fields: [string, FieldValue][];
  /** Where the fields end. */
  end: number;
}

/** Hot path: lines without escapes and strings. */
function plainFields(line: string, from: number): Fields {
  const space = line.indexOf(' ', from);
  const end = space < 0 ? line.length : space;
  const fields: [string, FieldValue][] = [];
  for (let at = from; at <= end; ) {
    const comma = line.indexOf(',', at);
    const partEnd = comma < 0 || comma > end ? end : comma;
    const equals = line.indexOf('=', at);
    if (equals === at || partEnd === at) fail('missing field key');
    if (equals < 0 || equals > partEnd) fail('invalid field format');
    fields.push([line.slice(at, equals), parseValue(line.slice(equals + 1, partEnd))]);
    at = partEnd + 1;
  }
  return { fields, end };
}

/** A string begins only behind an equals sign and must be followed by a comma, a space or the end. */
function anyFields(line: string, from: number): Fields {
  const fields: [string, FieldValue][] = [];
  for (let at = from; ; ) {
    const equals = unescaped(line, '=', at);
    const key = line.slice(at, equals < 0 ? line.length : equals);
    if (key === '' || /^[, ]/.test(key)) fail('missing field key');
    if (equals < 0 || unescaped(key, ' ', 0) >= 0 || unescaped(key, ',', 0) >= 0) fail('invalid field format');
    const isString = line[equals + 1] === '"';
    const end = isString ? endOfString(line, equals + 1) : endOfPlainValue(line, equals + 1);
    const value = isString ? textIn(line.slice(equals + 2, end - 1)) : parseValue(line.slice(equals + 1, end));
    fields.push([withoutEscapes(key), value]);
    if (end >= line.length || line[end] === ' ') return { fields, end };
    if (line[end] !== ',') fail('unbalanced quotes');
    at = end + 1;
  }
}

function timestampIn(line: string, fieldsEnd: number): string | null {
  const from = skipSpaces(line, fieldsEnd);
  let end = line.length;
  while (end > from && line[end - 1] === ' ') end--;
  if (from === end) return null;
  const digits = line.slice(from, end);
  return timestampPattern.test(digits) ? digits : fail('bad timestamp');
}

function parseValue(text: string): FieldValue {
  if (text === '') fail('missing field value');
  const first = text.charCodeAt(0);
  const numeric = (first >= 48 && first <= 57) || first === 45 || first === 46;
  if (numeric) return parseNumber(text);
  const word = Object.hasOwn(words, text) ? words[text] : undefined;
  if (word !== undefined) return word;
  if (first === 34) fail('unbalanced quotes');
  return fail(/^[tTfF]/.test(text) ? 'invalid boolean' : 'invalid number');
}

function parseNumber(text: string): number {
  if (floatPattern.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : fail('invalid float');
  }
  if (!integerPattern.test(text) && !unsignedPattern.test(text)) fail('invalid number');
  const digits = text.slice(0, -1);
  // Short ones are in range.
  if (digits.length <= 18) return Number(digits);
  const integer = BigInt(digits);
  const signed = text.endsWith('i');
  if (signed ? BigInt.asIntN(64, integer) !== integer : BigInt.asUintN(64, integer) !== integer) {
    fail('unable to parse integer: value out of range');
  }
  return Number(integer);
}

/** Place of the first `wanted` from here on that has no backslash right before it; -1: none. */
function unescaped(text: string, wanted: string, from: number): number {
  for (let at = text.indexOf(wanted, from); ; at = text.indexOf(wanted, at + 1)) {
    if (at <= from || text.charCodeAt(at - 1) !== 92) return at;
  }
}

/** Behind the closing quote of the string whose opening one is at `from`. */
function endOfString(line: string, from: number): number {
  for (let i = from + 1; i < line.length; i++) {
    if (line[i] === '\\') i++;
    else if (line[i] === '"') return i + 1;
  }
  return fail('unbalanced quotes');
}

function endOfPlainValue(line: string, from: number): number {
  for (let i = from; i < line.length; i++) if (line[i] === ',' || line[i] === ' ') return i;
  return line.length;
}

function splitUnescaped(text: string, separator: string): string[] {
  if (!text.includes('\\')) return text.split(separator);
  const parts: string[] = [];
  let from = 0;
  for (let at = unescaped(text, separator, 0); at >= 0; at = unescaped(text, separator, from)) {
    parts.push(text.slice(from, at));
    from = at + 1;
  }
  return [...parts, text.slice(from)];
}

function skipSpaces(line: string, from: number): number {
  let at = from;
  while (line[at] === ' ') at++;
  return at;
}

function withoutEscapes(text: string): string {
  return text.includes('\\') ? text.replace(escapes, '$1') : text;
}

function textIn(text: string): string {
  return text.includes('\\') ? text.replace(/\\(["\\])/g, '$1') : text;
}
