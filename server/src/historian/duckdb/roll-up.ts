import { hourMs, minuteMs } from './days.ts';

export type RollUp = 'minutes' | 'hours';
export const rollUpMs: Record<RollUp, number> = { minutes: minuteMs, hours: hourMs };

/** A roll-up pays from so many samples in a bucket on; below it the samples themselves are smaller, and as quick to fold. */
export const worthwhileSamples = 6;

/**
 * One row for each bucket of `from` (point, t, value; each (point, t) once) that has a sample. It tells what held from the bucket's first
 * sample (`f`, ms in the bucket) to the bucket's end: `sum` of value × ms, `low`, `high`, `last`; the three are null where the value never
 * changed. So a row follows from the samples of its bucket alone: a late sample touches no other bucket, because what held before `f`
 * is carried in when it is read, and a quality change inside the span is seen there too, and the samples are read instead.
 */
export function rollUpSelect(unit: RollUp, from: string): string {
  const ms = rollUpMs[unit];
  return `
    SELECT point, b, f, low, CASE WHEN low < high THEN high END, CASE WHEN low < high THEN last END, CASE WHEN low < high THEN sum END
    FROM (
      SELECT point, b::SMALLINT AS b, min(t % ${ms}) AS f, min(value) AS low, max(value) AS high, arg_max(value, t) AS last,
        sum(value * (least(next, (b + 1) * ${ms}) - t)) AS sum
      FROM (
        SELECT point, t, value, (t // ${ms}) AS b, coalesce(lead(t) OVER (PARTITION BY point ORDER BY t), 86400000) AS next FROM ${from}
      )
      GROUP BY point, b
    )
    ORDER BY point, b`;
}
