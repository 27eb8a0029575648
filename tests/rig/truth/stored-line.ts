/** One field of a stored line, as any line-protocol store would read it. */
export interface StoredField {
  measurement: string;
  tags: Readonly<Record<string, string>>;
  field: string;
  value: number | string | boolean;
  /** UTC ms. */
  timeMs: number;
  line: string;
}

/** One line of InfluxDB line protocol, read without any code of the writer's. Throws on what is no line. */
export function parseStoredLine(line: string): StoredField[] {
  const [head, fields, time, ...more] = split(line, ' ');
  if (head === undefined || fields === undefined || !/^\d+$/.test(time ?? '') || more.length > 0) {
    throw new Error(`no line of line protocol: ${line}`);
  }
  const [measurement = '', ...tagParts] = split(head, ',');
  const tags = Object.fromEntries(tagParts.map((part) => split(part, '=').map(unescaped)));
  return split(fields, ',').map((part) => {
    const [field = '', value, ...rest] = split(part, '=');
    if (value === undefined || rest.length > 0) throw new Error(`no field: ${part} in ${line}`);
    const common = { measurement: unescaped(measurement), tags, field: unescaped(field), timeMs: Number(time), line };
    return { ...common, value: fieldValue(value, line) };
  });
}

/** At separators that are neither escaped nor within quotes. */
function split(text: string, separator: string): string[] {
  const parts = [''];
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    if (char === '\\' && !quoted) {
      parts[parts.length - 1] += char + (text[i + 1] ?? '');
      i += 1;
    } else if (char === separator && !quoted) {
      parts.push('');
    } else {
      if (char === '"') quoted = !quoted;
      parts[parts.length - 1] += char;
    }
  }
  return parts;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

function fieldValue(text: string, line: string): number | string | boolean {
  if (text.startsWith('"') && text.endsWith('"')) return text.slice(1, -1);
  if (/^(t|true|f|false)$/i.test(text)) return /^t/i.test(text);
  const number = Number(text.replace(/[iu]$/, ''));
  if (text === '' || !Number.isFinite(number)) throw new Error(`no value: ${text} in ${line}`);
  return number;
}
