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

const floatPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const integerPattern = /^[+-]?\d+i$/;
const unsignedPattern = /^\+?\d+u$/;
const timestampPattern = /^-?\d{1,19}$/;
const trueWords = ['t', 'T', 'true', 'True', 'TRUE'];
const falseWords = ['f', 'F', 'false', 'False', 'FALSE'];

function fail(what: string): never {
  throw new PlantroomError('LINE_INVALID', what);
}

/** Lines of a body with their 1-based numbers; a newline inside a quoted string does not end a line. Comments and empty lines are left out. */
export function* linesOf(body: string): Generator<[line: string, number: number]> {
  let number = 0;
  for (let at = 0; at < body.length; ) {
    let end = body.indexOf('\n', at);
    if (end < 0) end = body.length;
    number++;
    const first = number;
    if (body[at] !== '#' && body.slice(at, end).includes('"')) {
      end = endOfQuotedLine(body, at);
      for (let i = body.indexOf('\n', at); i >= 0 && i < end; i = body.indexOf('\n', i + 1)) number++;
    }
    const line = body.slice(at, body[end - 1] === '\r' && end > at ? end - 1 : end).replace(/^[ \t]+/, '');
    at = end + 1;
    if (line !== '' && !line.startsWith('#')) yield [line, first];
  }
}

/** Quotes mean something only behind the first unescaped space, in field values. */
function endOfQuotedLine(body: string, from: number): number {
  let inFields = false;
  let quoted = false;
  for (let i = from; i < body.length; i++) {
    const c = body[i];
    if (c === '\\') i++;
    else if (c === '\n' && !quoted) return i;
    else if (c === ' ') inFields = true;
    else if (c === '"' && inFields) quoted = !quoted;
  }
  return quoted ? endOfLine(body, from) : body.length;
}

function endOfLine(body: string, from: number): number {
  const end = body.indexOf('\n', from);
  return end < 0 ? body.length : end;
}

/** Throws LINE_INVALID with InfluxDB's words for what is wrong. */
export function parseLine(line: string): ParsedLine {
  const plain = !line.includes('\\') && !line.includes('"');
  const seriesEnd = plain ? line.indexOf(' ') : unescaped(line, ' ', 0);
  if (seriesEnd === 0) fail('missing measurement');
  if (seriesEnd < 0) fail('missing fields');
  const fieldsFrom = skipSpaces(line, seriesEnd);
  const fieldsTo = plain ? line.indexOf(' ', fieldsFrom) : endOfFields(line, fieldsFrom);
  const fieldsText = line.slice(fieldsFrom, fieldsTo < 0 ? line.length : fieldsTo);
  if (fieldsText === '') fail('missing fields');
  const timestamp = fieldsTo < 0 ? '' : line.slice(fieldsTo).trim();
  if (timestamp !== '' && !timestampPattern.test(timestamp)) fail('bad timestamp');
  const parts = plain ? fieldsText.split(',') : splitFields(fieldsText);
  return {
    series: line.slice(0, seriesEnd),
    fields: parts.map((part) => parseField(part, plain)),
    timestamp: timestamp === '' ? null : timestamp,
  };
}

export function parseSeries(series: string): ParsedSeries {
  const [head = '', ...tagTexts] = splitUnescaped(series, ',');
  const measurement = withoutEscapes(head, /\\([, ])/g);
  if (measurement === '') fail('missing measurement');
  const tags = new Map<string, string>();
  for (const text of tagTexts) {
    const at = unescaped(text, '=', 0);
    const key = withoutEscapes(at < 0 ? text : text.slice(0, at), /\\([,= ])/g);
    if (key === '') fail('missing tag key');
    const value = at < 0 ? '' : text.slice(at + 1);
    if (value === '') fail('missing tag value');
    if (unescaped(value, '=', 0) >= 0) fail('invalid tag format');
    if (tags.has(key)) fail('duplicate tags');
    tags.set(key, withoutEscapes(value, /\\([,= ])/g));
  }
  return { measurement, tags };
}

function parseField(text: string, plain: boolean): [string, FieldValue] {
  const at = plain ? text.indexOf('=') : unescaped(text, '=', 0);
  if (at === 0) fail('missing field key');
  if (at < 0) fail('invalid field format');
  const key = text.slice(0, at);
  return [plain ? key : withoutEscapes(key, /\\([,= ])/g), parseValue(text.slice(at + 1))];
}

function parseValue(text: string): FieldValue {
  if (text === '') fail('missing field value');
  if (text.startsWith('"')) {
    if (text.length < 2 || !text.endsWith('"')) fail('unbalanced quotes');
    return withoutEscapes(text.slice(1, -1), /\\(["\\])/g);
  }
  const first = text.charCodeAt(0);
  const numeric = (first >= 48 && first <= 57) || first === 45 || first === 46 || first === 43;
  if (numeric) return parseNumber(text);
  if (trueWords.includes(text)) return true;
  if (falseWords.includes(text)) return false;
  return fail(/^[tTfF]/.test(text) ? 'invalid boolean' : 'invalid number');
}

function parseNumber(text: string): number {
  if (floatPattern.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : fail('invalid float');
  }
  if (!integerPattern.test(text) && !unsignedPattern.test(text)) fail('invalid number');
  const digits = BigInt(text.slice(0, -1).replace(/^\+/, ''));
  const signed = text.endsWith('i');
  if (signed ? BigInt.asIntN(64, digits) !== digits : BigInt.asUintN(64, digits) !== digits) {
    fail('unable to parse integer: value out of range');
  }
  return Number(digits);
}

function unescaped(text: string, wanted: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === wanted) return i;
  }
  return -1;
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

/** Splits at commas outside strings. */
function splitFields(text: string): string[] {
  const parts: string[] = [];
  let from = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '\\') i++;
    else if (c === '"') quoted = !quoted;
    else if (c === ',' && !quoted) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  return [...parts, text.slice(from)];
}

function endOfFields(line: string, from: number): number {
  let quoted = false;
  for (let i = from; i < line.length; i++) {
    const c = line[i];
    if (c === '\\') i++;
    else if (c === '"') quoted = !quoted;
    else if (c === ' ' && !quoted) return i;
  }
  if (quoted) fail('unbalanced quotes');
  return -1;
}

function skipSpaces(line: string, from: number): number {
  let at = from;
  while (line[at] === ' ') at++;
  return at;
}

function withoutEscapes(text: string, escapes: RegExp): string {
  return text.includes('\\') ? text.replace(escapes, '$1') : text;
}
