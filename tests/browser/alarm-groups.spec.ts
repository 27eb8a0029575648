import { type Browser, type BrowserContext, expect, type Page, test } from '@playwright/test';
import { type RunningStack, startStack } from '../helpers/start-stack.ts';

/** A grid outage on the screen: one line that opens, what follows from it behind, and the way from one to the other. */
let stack: RunningStack;
let page: Page;

const lost = 'demo/meter-incomer/voltage-l1#supply-lost';
const phase = 'demo/meter-incomer/voltage-l1#phase-loss-l1';
/** The three phases of the incomer, and four feeders without a generator with four alarms each. */
const followers = 19;

async function signedIn(browser: Browser, options: Parameters<Browser['newContext']>[0]): Promise<BrowserContext> {
  const context = await browser.newContext({ timezoneId: 'Asia/Shanghai', ...options });
  const at = stack.api.cookie.indexOf('=');
  const [name, value] = [stack.api.cookie.slice(0, at), stack.api.cookie.slice(at + 1)];
  await context.addCookies([{ name, value, url: stack.url }]);
  return context;
}

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  stack = await startStack();
  await stack.sim('POST', '/faults', { equipment: 'meter-incomer', fault: 'supply-outage', severity: 1, rampS: 0 });
  const context = await signedIn(browser, {
    locale: 'zh-CN',
    colorScheme: 'dark',
    viewport: { width: 1440, height: 900 },
  });
  page = await context.newPage();
  await page.goto(`${stack.url}/alarms`);
});
test.afterAll(async () => {
  await page?.context().close();
  await stack?.destroy();
});

test('an outage is one line of the list; what follows is counted behind it and nowhere else', async () => {
  const group = page.locator(`[data-testid=alarm-group][data-alarm="${lost}"]`);
  await expect(group).toBeVisible({ timeout: 120_000 });
  await expect
    .poll(async () => Number(await group.getAttribute('data-suppressed')), { timeout: 60_000 })
    .toBeGreaterThanOrEqual(followers);
  await expect(group).toContainText('首发');
  await expect(page.getByTestId('alarm-row')).toHaveCount(1);
  await group.click();
  await expect.poll(() => page.getByTestId('alarm-row').count()).toBeGreaterThan(followers);
  await group.click();
  await expect(page.getByTestId('alarm-row')).toHaveCount(1);
});

test('the drawer of the cause leads to what it suppresses, and from there back', async () => {
  await page.getByTestId('alarm-row').locator('button').click();
  const drawer = page.getByTestId('alarm-drawer');
  await expect(drawer.getByTestId('alarm-followers')).toContainText('抑制');
  await drawer.getByRole('button', { name: /另有/ }).click();
  await drawer.locator(`[data-testid=alarm-link][data-alarm="${phase}"]`).click();
  const note = page.getByTestId('hiding-note');
  await expect(note).toContainText('抑制原因');
  await note.locator(`[data-testid=alarm-link][data-alarm="${lost}"]`).click();
  await expect(page.getByTestId('alarm-followers')).toBeVisible();
});

test('in the list of what is suppressed each line says by what', async () => {
  await page.goto(`${stack.url}/alarms?state=suppressed`);
  await expect(page.getByTestId('caused-by').first()).toContainText('回路失电 · 进线总表');
});

for (const [name, options] of [
  ['wall-light-en', { locale: 'en', colorScheme: 'light', viewport: { width: 1920, height: 1080 } }],
  ['phone-dark-zh', { locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 390, height: 844 } }],
] as const) {
  test(`nothing overflows: ${name}`, async ({ browser }, info) => {
    const context = await signedIn(browser, options);
    const other = await context.newPage();
    await other.goto(`${stack.url}/alarms`);
    await other.getByTestId('alarm-group').click();
    await expect.poll(() => other.getByTestId('alarm-row').count()).toBeGreaterThan(1);
    const overflow = await other.evaluate('document.documentElement.scrollWidth - window.innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    await other.screenshot({ path: info.outputPath(`${name}.png`) });
    await other.getByTestId('alarm-row').first().locator('button').click();
    await expect(other.getByTestId('alarm-followers')).toBeVisible();
    await other.screenshot({ path: info.outputPath(`${name}-drawer.png`) });
    await context.close();
  });
}
