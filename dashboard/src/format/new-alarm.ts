import type { AlarmGuidance } from '@plantroom/contracts';
import type { ConditionKind } from './condition-draft.ts';

/** A name for the alarm that no other alarm of the point has. */
export function ruleName(kind: ConditionKind, point: string, taken: readonly string[]): string {
  const base = `site-${kind.toLowerCase()}`;
  let name = base;
  for (let n = 2; taken.includes(`${point}#${name}`); n++) name = `${base}-${n}`;
  return name;
}

export const guidanceTexts = ['name', 'cause', 'consequence', 'response'] as const;
export type GuidanceWords = Record<(typeof guidanceTexts)[number], { zh: string; en: string }>;

export const noWords = (): GuidanceWords => ({
  name: { zh: '', en: '' },
  cause: { zh: '', en: '' },
  consequence: { zh: '', en: '' },
  response: { zh: '', en: '' },
});

/** Null: a text is missing; without them an alarm cannot be enabled. */
export function guidanceOf(words: GuidanceWords, respondMin: string): AlarmGuidance | null {
  const timeToRespondMs = Math.round(Number(respondMin) * 60_000);
  if (!(timeToRespondMs > 0)) return null;
  if (guidanceTexts.some((key) => words[key].zh.trim() === '' || words[key].en.trim() === '')) return null;
  return { ...words, timeToRespondMs };
}
