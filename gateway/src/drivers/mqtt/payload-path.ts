/** The value under `sensors.0.t` in a parsed payload; undefined when there is none. `''` is the payload itself. */
export function valueAt(payload: unknown, path: string): unknown {
  let value = payload;
  if (path === '') return value;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
