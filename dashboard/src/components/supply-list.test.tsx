import { createInstance } from 'i18next';
import { renderToStaticMarkup } from 'react-dom/server';
import { I18nextProvider, initReactI18next } from 'react-i18next';
import { StaticRouter } from 'react-router';
import { expect, test } from 'vitest';
import { texts as en } from '../locales/en/texts.ts';
import { texts as zh } from '../locales/zh-CN/texts.ts';
import { SupplyList } from './supply-list.tsx';

const dependsOn = ['hq/meter', { oneOf: ['hq/chiller-1', 'hq/chiller-2', 'hq/chiller-3'], needs: 2 }];

async function shown(lng: 'en' | 'zh-CN', supplies: typeof dependsOn): Promise<string> {
  const i18n = createInstance();
  const resources = { en: { translation: en }, 'zh-CN': { translation: zh } };
  await i18n.use(initReactI18next).init({ lng, resources });
  return renderToStaticMarkup(
    <I18nextProvider i18n={i18n}>
      <StaticRouter location="/">
        <SupplyList dependsOn={supplies} nameOf={(id) => id.toUpperCase()} />
      </StaticRouter>
    </I18nextProvider>,
  );
}

test('alternatives are shown as such, each with its name and a way to it, in the language of the screen', async () => {
  const english = await shown('en', dependsOn);
  for (const id of ['hq/meter', 'hq/chiller-1', 'hq/chiller-2', 'hq/chiller-3'])
    expect(english).toMatch(new RegExp(`href="/equipment/${id}"[^>]*>${id.toUpperCase()}<`));
  expect(english.indexOf('METER')).toBeLessThan(english.indexOf('2 of 3 are enough'));
  expect(english.indexOf('2 of 3 are enough')).toBeLessThan(english.indexOf('CHILLER-1'));
  expect(await shown('zh-CN', dependsOn)).toContain('3 台中 2 台即可');
});

test('what hangs on nothing says so', async () => {
  expect(await shown('en', [])).toBe('–');
});
