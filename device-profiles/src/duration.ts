import { PlantroomError } from '@plantroom/contracts';

const unitMs = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const pattern = /^(\d+(?:\.\d+)?)(ms|s|min|h|d)$/;

/** `15s` → 15000 ms. Throws DURATION_INVALID with the text and what is allowed. */
export function parseDuration(text: string): number {
  const found = pattern.exec(text);
  if (!found) {
    throw new PlantroomError(
      'DURATION_INVALID',
      `duration "${text}" is not a number followed by ${Object.keys(unitMs).join(', ')} (for example 15s)`,
    );
  }
  return Math.round(Number(found[1]) * unitMs[found[2] as keyof typeof unitMs]);
}
