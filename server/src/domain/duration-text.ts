const unitMs = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `15s`, `2.5min` → ms. The schema of the class has checked the form. */
export function durationMs(text: string): number {
  const [, amount, unit] = /^([\d.]+)(ms|s|min|h|d)$/.exec(text) ?? [];
  return Math.round(Number(amount) * unitMs[unit as keyof typeof unitMs]);
}
