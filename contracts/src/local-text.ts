import Type, { type Static } from 'typebox';

/** A text in both languages of the product; neither may be empty. */
export const LocalText = Type.Object(
  { zh: Type.String({ minLength: 1 }), en: Type.String({ minLength: 1 }) },
  { additionalProperties: false },
);
export type LocalText = Static<typeof LocalText>;

export const languages = ['zh-CN', 'en'] as const;
export type Language = (typeof languages)[number];

export function textIn(text: LocalText, language: Language): string {
  return language === 'zh-CN' ? text.zh : text.en;
}
