import { type Browser, expect, type Page, test } from '@playwright/test';
import { OutageBed } from '../helpers/outage-bed.ts';

/** A gateway was without its lines for three hours and its outbox could not hold them: the chart says which part is thinned, and how much is missing. */
let bed: OutageBed;

test.beforeAll(async () => {
  bed = await OutageBed.start({ points: 400, hours: 3, maxBytes: 2_000_000, watchMeters: new Set() });
  await bed.passOutage();
  bed.endOutage({ live: true });
  await expect.poll(async () => (await bed.api.values('outage/meter-0')).length).toBeGreaterThan(0);
});
test.afterAll(() => bed?.stop());

async function signedIn(browser: Browser, options: Parameters<Browser['newContext']>[0]): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const at = bed.api.cookie.indexOf('=');
  const [name, value] = [bed.api.cookie.slice(0, at), bed.api.cookie.slice(at + 1)];
  await context.addCookies([{ name, value, url: bed.url }]);
  return context.newPage();
}

for (const { locale, colorScheme, hole, missing, lost } of [
  { locale: 'zh-CN', colorScheme: 'dark', hole: '网关缓存已满，仅存每分钟值', missing: '个数值', lost: '丢失' },
  { locale: 'en-GB', colorScheme: 'light', hole: 'outbox was full: minute values', missing: 'values of', lost: 'lost' },
] as const) {
  test(`the chart hatches what was thinned and says so (${locale}, ${colorScheme})`, async ({ browser }, info) => {
    const page = await signedIn(browser, { locale, colorScheme });
    await page.goto(`${bed.url}/equipment/outage/meter-0`);
    await page.getByRole('button', { name: locale === 'zh-CN' ? '6 小时' : '6 h', exact: true }).click();
    const told = page.getByTestId('holes');
    await expect(told).toContainText(hole);
    await expect(told).toContainText(missing);
    await page.screenshot({ path: info.outputPath(`hole-${locale}.png`) });
    await page.goto(`${bed.url}/devices`);
    await expect(page.getByTestId('outbox-lost')).toContainText(lost);
    await page.screenshot({ path: info.outputPath(`gateways-${locale}.png`) });
    await page.context().close();
  });
}
