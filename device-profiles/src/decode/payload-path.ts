/** `sensors.0.t` → payload.sensors[0].t; `''` is the payload itself. Own properties only; undefined when there is none. */
export function payloadPath(path: string): (payload: unknown) => unknown {
  if (path === '') return (payload) => payload;
  const steps = path.split('.');
  return (payload) => {
    let at = payload;
    for (const step of steps) {
      if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
      at = (at as Record<string, unknown>)[step];
    }
    return at;
  };
}
