import { escapeMeasurement, escapeTag } from './encode-lines.ts';

/** What a receiver says of a batch that it does not take whole. */
export interface Refusal {
  /** The good lines of the batch have been stored. */
  partial: boolean;
  /** How many lines it left out; undefined when it does not say. */
  dropped: number | undefined;
  /** Places in the batch of the lines that it names, with the reason. */
  named: Map<number, string>;
  why: string;
}

/** 1.x and 3.x say it in `error`, 2.x and Plantroom's server in `message`. */
export function saidIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { message, error } = body as { message?: unknown; error?: unknown };
  if (typeof message === 'string' && message !== '') return message;
  return typeof error === 'string' && error !== '' ? error : undefined;
}

/**
 * Reads the words of InfluxDB 1.x (also inside 2.x's `failure writing points to database: …`), 2.x, 3.x and of our own server; they differ in how
 * they point to a line: by its text, its number, its field, or not at all.
 */
export function readRefusal(body: unknown, lines: readonly string[]): Refusal {
  const why = saidIn(body) ?? 'no reason given';
  const said = /dropped=(\d+)\s*$/.exec(why)?.[1];
  const named = new Map([...byNumber(body, why), ...byText(why, lines)]);
  for (const place of named.keys()) if (place < 0 || place >= lines.length) named.delete(place);
  const partial = /partial write/i.test(why);
  let dropped = said === undefined ? undefined : Number(said);
  // 1.x says dropped=0 of lines that it could not parse, and names all of those.
  if (dropped !== undefined && dropped < named.size) dropped = named.size;
  if (named.size === 0 && dropped !== undefined)
    for (const place of byRule(why, { lines, dropped })) named.set(place, why);
  return { partial, dropped, named, why };
}

/** Lines count from 1: `line 3: …` (2.x, ours), and `line_number` in 3.x. */
function byNumber(body: unknown, why: string): [number, string][] {
  const data = (body as { data?: unknown } | null)?.data;
  const entries = Array.isArray(data) ? data : [data];
  const listed = entries.flatMap((entry): [number, string][] => {
    const { line_number: number, error_message: message } = (entry ?? {}) as Record<string, unknown>;
    return typeof number === 'number' ? [[number - 1, typeof message === 'string' ? message : why]] : [];
  });
  if (listed.length > 0) return listed;
  return [...why.matchAll(/\bline (\d+)(?: \(1-based\))?: ([^\n]*)/g)].map(([, number, text]) => [
    Number(number) - 1,
    (text ?? '').replace(/ dropped=\d+$/, ''),
  ]);
}

function byText(why: string, lines: readonly string[]): [number, string][] {
  const texts = [...why.matchAll(/unable to parse '(.*?)': ([^\n]*)/g)];
  if (texts.length === 0) return [];
  const places = new Map(lines.map((line, place) => [line, place]));
  return texts.flatMap(([, line = '', reason = '']): [number, string][] => {
    const place = places.get(line);
    return place === undefined ? [] : [[place, reason.replace(/ dropped=\d+$/, '')]];
  });
}

/** A rule that the receiver names breaks these lines, if they are as many as it dropped. */
function byRule(why: string, { lines, dropped }: { lines: readonly string[]; dropped: number }): number[] {
  const all = lines.map((_, place) => place);
  if (dropped === lines.length) return all;
  if (/retention policy/.test(why)) {
    const times = lines.map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
    return all.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0)).slice(0, dropped);
  }
  const conflict = /input field "(.+?)" on measurement "(.+?)" is type/.exec(why);
  if (conflict === null) return [];
  const [, field = '', measurement = ''] = conflict;
  const head = `${escapeMeasurement(measurement)},`;
  const fields = [` ${escapeTag(field)}=`, `,${escapeTag(field)}=`];
  const suspects = all.filter((place) => {
    const line = lines[place] ?? '';
    const values = line.indexOf(' ');
    return line.startsWith(head) && fields.some((text) => line.includes(text, values));
  });
  return suspects.length === dropped ? suspects : [];
}
