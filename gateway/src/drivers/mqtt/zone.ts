const fixedOffset = /^([+-])(\d{2}):?(\d{2})$/;

/** UTC ms of a wall clock reading, itself given as if it were UTC; undefined for a zone that does not exist. */
export type Zone = (wallMs: number) => number;

/**
 * A fixed offset (`+08:00`, `Z`) or an IANA name. When the clocks go back an hour reads twice and the earlier one is taken;
 * an hour that the clocks skip is read with the offset from before.
 */
export function zoneOf(name: string): Zone | undefined {
  if (/^(z|utc)$/i.test(name)) return (wallMs) => wallMs;
  const fixed = fixedOffset.exec(name);
  if (fixed !== null) {
    const [, sign, hours, minutes] = fixed;
    const offsetMs = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
    return Number(hours) > 14 || Number(minutes) > 59 ? undefined : (wallMs) => wallMs - offsetMs;
  }
  const offsetAt = offsetsOf(name);
  if (offsetAt === undefined) return undefined;
  const dayMs = 86_400_000;
  return (wallMs) => {
    // The offsets a day before and a day after enclose any one change; the larger one gives the earlier instant.
    const [before, after] = [offsetAt(wallMs - dayMs), offsetAt(wallMs + dayMs)];
    if (before === after) return wallMs - before;
    const fitting = [before, after].map((offset) => wallMs - offset).filter((at) => wallMs - offsetAt(at) === at);
    return fitting.length > 0 ? Math.min(...fitting) : wallMs - before;
  };
}

/** Offset of the zone at an instant, ms east of UTC. */
function offsetsOf(name: string): ((utcMs: number) => number) | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  } catch {
    return undefined;
  }
  // Zones change at full quarters of an hour at the earliest; formatting costs microseconds, and devices repeat themselves.
  const quarterMs = 900_000;
  const known = new Map<number, number>();
  return (utcMs) => {
    const quarter = Math.floor(utcMs / quarterMs);
    let offsetMs = known.get(quarter);
    if (offsetMs === undefined) {
      offsetMs = parseOffset(format.formatToParts(quarter * quarterMs));
      if (known.size > 1000) known.clear();
      known.set(quarter, offsetMs);
    }
    return offsetMs;
  };
}

/** `GMT+08:00`; plain `GMT` is none. */
function parseOffset(parts: readonly Intl.DateTimeFormatPart[]): number {
  const text = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /([+-])(\d{2}):(\d{2})/.exec(text) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
}
