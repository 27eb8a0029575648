/** A receiver that is set up wrongly must not silence a gateway for days. */
const longestMs = 3_600_000;

/**
 * What a `Retry-After` header asks to wait, ms: seconds or an HTTP date (RFC 9110 §10.2.3). The date is taken against the answer's own
 * `Date`, where it has one, because the clocks of both ends may differ. Undefined: no header, or none that can be read.
 */
export function retryAfterMs(
  header: string | undefined,
  about: { date: string | undefined; nowMs: number },
): number | undefined {
  const text = header?.trim() ?? '';
  if (text === '') return undefined;
  const answeredMs = Date.parse(about.date ?? '');
  const isSeconds = /^\d+$/.test(text);
  // Date.parse reads nearly anything; all three forms of an HTTP date begin with the day of the week.
  if (!isSeconds && !/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return undefined;
  const waitMs = isSeconds
    ? Number(text) * 1000
    : Date.parse(text) - (Number.isNaN(answeredMs) ? about.nowMs : answeredMs);
  if (Number.isNaN(waitMs)) return undefined;
  return Math.min(Math.max(waitMs, 0), longestMs);
}
