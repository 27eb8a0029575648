/** pino levels from here on are shown to the person who ran `npm start`; the rest is in the log files. */
const shownFrom = 40;

/** What a console shows of a child's line: the message of a warning or error, plain text as it is, nothing of the rest. */
export function consoleText(stream: 'stdout' | 'stderr', line: string): string | undefined {
  if (!line.startsWith('{')) return stream === 'stderr' && line.trim() !== '' ? line : undefined;
  try {
    const entry = JSON.parse(line) as { level?: number; msg?: string; err?: { message?: string } };
    if ((entry.level ?? 0) < shownFrom) return undefined;
    const detail = entry.err?.message;
    return detail === undefined || entry.msg?.includes(detail) ? entry.msg : `${entry.msg}: ${detail}`;
  } catch {
    return line;
  }
}
