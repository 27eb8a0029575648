import { type Language, type LocalText, textIn } from '@plantroom/contracts';
import i18next from 'i18next';
import { useCallback } from 'react';
import { initReactI18next } from 'react-i18next';
import { preferences, setPreferences, usePreferences } from './preferences.ts';

/** Only the language in use is loaded. */
const loaders = {
  'zh-CN': () => import('../locales/zh-CN/texts.ts'),
  en: () => import('../locales/en/texts.ts'),
} as const satisfies Record<Language, unknown>;

async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'translation')) return;
  const { texts } = await loaders[language]();
  i18next.addResourceBundle(language, 'translation', texts);
}

export async function startI18n(): Promise<void> {
  const { language } = preferences();
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: {},
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
    returnNull: false,
  });
  await load(language);
  await i18next.changeLanguage(language);
}

export async function switchLanguage(language: Language): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  setPreferences({ language });
}

/** Texts that come with the data, in the language of the screen. */
export function useLocalText(): (text: LocalText) => string {
  const { language } = usePreferences();
  return useCallback((text: LocalText) => textIn(text, language), [language]);
}
