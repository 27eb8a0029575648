const carriageReturn = 13;
const hash = 35;

/** Lines of a body with their 1-based numbers; a newline inside a string does not end a line. Comments and empty lines are left out. */
export function* linesOf(body: string): Generator<[line: string, number: number]> {
  let number = 0;
  let quote = nextQuote(body, 0);
  for (let at = 0; at < body.length; ) {
    let end = endOfLine(body, at);
    number++;
    const first = number;
    const from = skipBlanks(body, { at, end });
    if (quote < from) quote = nextQuote(body, from);
    if (quote < end && body.charCodeAt(from) !== hash) {
      end = endOfQuotedLine(body, from);
      for (let i = body.indexOf('\n', from); i >= 0 && i < end; i = body.indexOf('\n', i + 1)) number++;
    }
    const to = end > from && body.charCodeAt(end - 1) === carriageReturn ? end - 1 : end;
    at = end + 1;
    if (to > from && body.charCodeAt(from) !== hash) yield [body.slice(from, to), first];
  }
}

/** A string begins only at a quote behind an equals sign, in the fields, which begin at the first unescaped space. */
function endOfQuotedLine(body: string, from: number): number {
  let inFields = false;
  let inString = false;
  for (let i = from; i < body.length; i++) {
    const c = body[i];
    // Outside strings a backslash escapes no backslash, and none at the end of a line escapes the newline.
    if (inString && c === '\\') i++;
    else if (inString) inString = c !== '"';
    else if (c === '\n') return i;
    else if (c === ' ' && body[i - 1] !== '\\') inFields = true;
    else if (c === '"' && inFields && body[i - 1] === '=' && body[i - 2] !== '\\') inString = true;
  }
  // A string that is never closed spoils its own line only.
  return inString ? endOfLine(body, from) : body.length;
}

function nextQuote(body: string, from: number): number {
  const quote = body.indexOf('"', from);
  return quote < 0 ? Number.POSITIVE_INFINITY : quote;
}

function endOfLine(body: string, from: number): number {
  const end = body.indexOf('\n', from);
  return end < 0 ? body.length : end;
}

/** Blanks before a line mean nothing. */
function skipBlanks(body: string, { at, end }: { at: number; end: number }): number {
  let from = at;
  for (; from < end; from++) {
    const code = body.charCodeAt(from);
    if (code !== 32 && code !== 9) break;
  }
  return from;
}
