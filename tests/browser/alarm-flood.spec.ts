import type { Alarm, PositionFlood } from '@plantroom/contracts';
import { type Browser, type BrowserContext, expect, type Page, test } from '@playwright/test';
import { type RunningStack, startStack } from '../helpers/start-stack.ts';

/** A flood of alarms on the screen: its banner, the list summed up, a fire on top of it all. */
let stack: RunningStack;
let page: Page;

const fire = 'demo/fire-zone-lobby/fire#fire';
const faults: [string, string][] = [
  ...['elevator-1', 'elevator-2', 'elevator-3', 'elevator-4'].map((id): [string, string] => [id, 'car-bus-loss']),
  ...['b1', 'pump-room', 'low', 'high', 'roof'].map((id): [string, string] => [`fire-zone-${id}`, 'detector-fault']),
  ['pump-1', 'pump-trip'],
  ['sump-pump-1', 'pump-trip'],
  ['sump-pump-2', 'pump-trip'],
  ['ups-1', 'ups-inverter-failed'],
];
/** Each tone that the page lets sound. */
const countTones = `
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (when) {
    const { dataset } = document.documentElement;
    dataset.tones = String(Number(dataset.tones ?? 0) + 1);
    start.call(this, when);
  };`;
const begin = (equipment: string, fault: string) =>
  stack.sim('POST', '/faults', { equipment, fault, severity: 1, rampS: 0 });

async function signedIn(browser: Browser, options: Parameters<Browser['newContext']>[0]): Promise<BrowserContext> {
  const context = await browser.newContext({ timezoneId: 'Asia/Shanghai', ...options });
  const at = stack.api.cookie.indexOf('=');
  const [name, value] = [stack.api.cookie.slice(0, at), stack.api.cookie.slice(at + 1)];
  await context.addCookies([{ name, value, url: stack.url }]);
  return context;
}

/** Alarms in the list, each counted once: by themselves, or in the line of their system. */
const listed = async (): Promise<number> => {
  const counts = await page
    .getByTestId('flood-system')
    .evaluateAll((lines) => lines.map((line) => Number(line.getAttribute('data-alarms'))));
  return counts.reduce((sum, count) => sum + count, await page.getByTestId('alarm-row').count());
};
const announced = async (): Promise<number> => {
  const answer = await page.request.get(`${stack.url}/api/alarms`);
  const { items } = (await answer.json()) as { items: Alarm[] };
  const away = ['NORM', 'SHLVD', 'DSUPR', 'OOSRV'];
  return items.filter(({ state, testMode }) => !away.includes(state) && testMode === null).length;
};

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  stack = await startStack();
  for (const [equipment, fault] of faults) await begin(equipment, fault);
  const context = await signedIn(browser, {
    locale: 'zh-CN',
    colorScheme: 'dark',
    viewport: { width: 1440, height: 900 },
  });
  page = await context.newPage();
  await page.addInitScript({ content: countTones });
  await page.goto(`${stack.url}/alarms`);
});
test.afterAll(async () => {
  await page?.context().close();
  await stack?.destroy();
});

test('the eleventh alarm makes it a flood: the banner says since when, how many and what comes most', async () => {
  const banner = page.getByTestId('flood-banner');
  await expect(banner).toBeVisible({ timeout: 120_000 });
  await expect(banner).toContainText('告警泛滥 · 值班岗');
  await expect.poll(async () => Number(await banner.getAttribute('data-alarms'))).toBeGreaterThan(10);
  await expect(banner).toContainText('电梯 4');
  await expect(page.getByTestId('flood-rate')).toHaveAttribute('data-rate', /^\d\d$/);
  const answer = await page.request.get(`${stack.url}/api/alarms/floods?site=demo`);
  const { items } = (await answer.json()) as { items: PositionFlood[] };
  expect(items).toMatchObject([{ position: 'control-room', endedMs: null }]);
});

test('what is not urgent is summed up by system, opens by equipment, and nothing is missing', async () => {
  const elevators = page.locator('[data-testid=flood-system][data-key=elevators]');
  await expect(elevators).toHaveAttribute('data-alarms', '4');
  await expect.poll(async () => (await listed()) - (await announced())).toBe(0);
  const rows = page.locator('[data-testid=alarm-row][data-alarm^="demo/elevator-"]');
  await expect(rows).toHaveCount(0);
  await elevators.click();
  await expect(rows).toHaveCount(4);
  await elevators.click();
  await expect(rows).toHaveCount(0);
});

test('whoever looks for something is shown it', async () => {
  await page.getByRole('searchbox').fill('2号客梯');
  await expect(page.getByTestId('flood-system')).toHaveCount(0);
  await expect(page.locator('[data-testid=alarm-row][data-alarm="demo/elevator-2/fault-code#fault"]')).toBeVisible();
  await page.getByRole('searchbox').fill('');
  await expect(page.getByTestId('flood-system').first()).toBeVisible();
});

test('a fire in the flood stands on top by itself, at once', async () => {
  const tones = async (): Promise<number> => Number((await page.locator('html').getAttribute('data-tones')) ?? 0);
  const before = await tones();
  await begin('fire-zone-lobby', 'call-point-pressed');
  await expect(page.getByTestId('life-safety-band')).toBeVisible({ timeout: 30_000 });
  await expect.poll(() => page.getByTestId('alarm-row').first().getAttribute('data-alarm')).toMatch(/#fire$/);
  await expect(page.locator(`[data-testid=alarm-row][data-alarm="${fire}"]`)).toBeVisible();
  await expect(page.getByTestId('flood-banner')).toContainText('生命安全');
  // Six tones of life safety: the page has been touched, so it may sound.
  await expect.poll(async () => (await tones()) - before).toBeGreaterThanOrEqual(6);
});

test('every other page says so too, and leads to the list', async () => {
  await page.goto(`${stack.url}/work-orders`);
  const band = page.getByTestId('flood-band');
  await expect(band).toContainText('告警泛滥');
  await band.click();
  await expect(page.getByTestId('flood-banner')).toBeVisible();
  await expect(band).toHaveCount(0);
});

for (const [name, options] of [
  ['wall-dark-zh', { locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 1920, height: 1080 } }],
  ['wall-light-en', { locale: 'en', colorScheme: 'light', viewport: { width: 1920, height: 1080 } }],
  ['phone-dark-en', { locale: 'en', colorScheme: 'dark', viewport: { width: 390, height: 844 } }],
  ['phone-light-zh', { locale: 'zh-CN', colorScheme: 'light', viewport: { width: 390, height: 844 } }],
] as const) {
  test(`nothing overflows: ${name}`, async ({ browser }, info) => {
    const context = await signedIn(browser, options);
    const other = await context.newPage();
    await other.goto(`${stack.url}/alarms`);
    await expect(other.getByTestId('flood-banner')).toBeVisible();
    await expect(other.getByTestId('flood-system').first()).toBeVisible();
    await other.screenshot({ path: info.outputPath(`${name}-top.png`) });
    await other.getByTestId('flood-system').first().click();
    const overflow = await other.evaluate('document.documentElement.scrollWidth - window.innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    await other.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true });
    await other.goto(`${stack.url}/work-orders`);
    await expect(other.getByTestId('flood-band')).toBeVisible();
    await other.screenshot({ path: info.outputPath(`${name}-band.png`) });
    await context.close();
  });
}
