import { type AlarmCondition, type AlarmGuidance, type LimitKind, limitKinds } from '@plantroom/contracts';

/** What an engineer can add on the screen; expressions over several points are added through the API. */
export const addableTypes = [...limitKinds, 'deviation', 'rate', 'no-data'] as const;
export type AddableType = (typeof addableTypes)[number];

const isLimitKind = (type: AddableType): type is LimitKind => (limitKinds as readonly string[]).includes(type);

/** A condition whose numbers are still to be filled in. */
export function blankCondition(type: AddableType): AlarmCondition {
  if (isLimitKind(type)) return { type: 'limit', kind: type, limit: Number.NaN };
  switch (type) {
    case 'deviation':
      return { type, from: Number.NaN };
    case 'rate':
      return { type, windowMs: 600_000 };
    case 'no-data':
      return { type, afterMs: 900_000 };
  }
}

/** A name for the alarm that no other alarm of the point has. */
export function ruleName(type: AddableType, point: string, taken: readonly string[]): string {
  const base = `site-${type.toLowerCase()}`;
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
