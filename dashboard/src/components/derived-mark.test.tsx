import { createInstance } from 'i18next';
import { renderToStaticMarkup } from 'react-dom/server';
import { I18nextProvider, initReactI18next } from 'react-i18next';
import { expect, test } from 'vitest';
import { texts as en } from '../locales/en/texts.ts';
import { texts as zh } from '../locales/zh-CN/texts.ts';
import { DerivedMark } from './derived-mark.tsx';

async function shown(lng: 'en' | 'zh-CN', derived: boolean): Promise<string> {
  const i18n = createInstance();
  const resources = { en: { translation: en }, 'zh-CN': { translation: zh } };
  await i18n.use(initReactI18next).init({ lng, resources });
  return renderToStaticMarkup(
    <I18nextProvider i18n={i18n}>
      <DerivedMark point={{ derived }} />
    </I18nextProvider>,
  );
}

test('a point that the gateway computes is marked so, in the language of the screen', async () => {
  expect(await shown('zh-CN', true)).toContain('推算值');
  expect(await shown('en', true)).toContain('Derived');
});

test('a point that a device delivers has no mark', async () => {
  expect(await shown('en', false)).toBe('');
});
