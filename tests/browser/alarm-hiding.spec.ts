import { type Browser, type BrowserContext, expect, type Locator, type Page, test } from '@playwright/test';
import { type RunningStack, startStack } from '../helpers/start-stack.ts';

/** Taking alarms out of sight and back, by one and by several; nothing is hidden without being counted. */
let stack: RunningStack;
let page: Page;

const fault = 'demo/booster-1/alarm-code#fault';
const inlet = 'demo/booster-1/inlet-pressure#inlet-pressure-low';
const row = (id: string, on: Page = page): Locator => on.locator(`[data-testid=alarm-row][data-alarm="${id}"]`);
const count = (kind: string): Locator => page.getByTestId(`hidden-${kind}`);

async function signedIn(browser: Browser, options: Parameters<Browser['newContext']>[0]): Promise<BrowserContext> {
  const context = await browser.newContext({ timezoneId: 'Asia/Shanghai', ...options });
  const at = stack.api.cookie.indexOf('=');
  const [name, value] = [stack.api.cookie.slice(0, at), stack.api.cookie.slice(at + 1)];
  await context.addCookies([{ name, value, url: stack.url }]);
  return context;
}
async function open(id: string): Promise<void> {
  await row(id).locator('button').click();
  await expect(page.getByTestId('alarm-drawer')).toBeVisible();
}

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  stack = await startStack();
  const dryRun = { equipment: 'booster-1', fault: 'dry-run', severity: 1, rampS: 0 };
  await stack.sim('POST', '/faults', dryRun);
  const context = await signedIn(browser, {
    locale: 'zh-CN',
    colorScheme: 'dark',
    viewport: { width: 1440, height: 900 },
  });
  page = await context.newPage();
  await page.goto(`${stack.url}/alarms`);
  await expect(row(fault)).toHaveAttribute('data-state', 'UNACK');
  await expect(row(inlet)).toHaveAttribute('data-state', 'UNACK');
});
test.afterAll(async () => {
  await page?.context().close();
  await stack?.destroy();
});

test('shelved, an alarm leaves the list and is counted, with who, why and how long still; unshelved it is acknowledged', async () => {
  await expect(count('shelved')).toHaveAttribute('data-count', '0');
  await expect(page.getByTestId('hidden-total')).toHaveCount(0);
  await open(fault);
  await page.getByTestId('shelve-open').click();
  await page.getByTestId('shelve-form').getByText('15 分钟').click();
  await expect(page.getByTestId('hiding-submit')).toBeDisabled();
  await page.getByTestId('hiding-reason').fill('传感器抖动，已报修');
  await page.getByTestId('hiding-submit').click();
  await expect(row(fault)).toHaveCount(0);
  await expect(count('shelved')).toHaveAttribute('data-count', '1');
  await expect(page.getByTestId('hidden-total')).toHaveAttribute('data-total', '1');
  const note = page.getByTestId('hiding-note');
  for (const words of ['admin', '传感器抖动，已报修', '剩余 1', '触发条件成立'])
    await expect(note).toContainText(words);

  await count('shelved').click();
  await expect(row(fault)).toHaveAttribute('data-state', 'SHLVD');
  await expect(row(fault)).toContainText('剩余');
  await page.getByTestId('unshelve-one').click();
  await expect(count('shelved')).toHaveAttribute('data-count', '0');
  await count('shelved').click();
  await expect(row(fault)).toHaveAttribute('data-state', 'ACKED');
});

test('several at once are shelved until they return, and taken back', async () => {
  for (const id of [fault, inlet]) await row(id).locator('input[type=checkbox]').check();
  await page.getByTestId('shelve-selected').click();
  await page.getByTestId('shelve-form').getByText('恢复后自动结束').click();
  await page.getByTestId('hiding-reason').fill('检修中');
  await page.getByTestId('hiding-submit').click();
  await expect(count('shelved')).toHaveAttribute('data-count', '2');
  await expect(row(fault)).toHaveCount(0);
  await count('shelved').click();
  for (const id of [fault, inlet]) await row(id).locator('input[type=checkbox]').check();
  await page.getByTestId('unshelve-selected').click();
  await expect(count('shelved')).toHaveAttribute('data-count', '0');
  await count('shelved').click();
  await expect(row(inlet)).toHaveAttribute('data-state', 'ACKED');
});

test('out of service needs order, approver and reason; back in service the alarm asks again', async () => {
  await open(inlet);
  await page.getByTestId('service-open').click();
  await page.getByTestId('service-order').fill('WO-000001');
  await expect(page.getByTestId('service-approver')).toHaveValue('admin');
  await page.getByTestId('hiding-reason').fill('更换压力变送器');
  await page.getByTestId('hiding-submit').click();
  await expect(count('out-of-service')).toHaveAttribute('data-count', '1');
  await expect(page.getByTestId('hiding-note')).toContainText('WO-000001');
  await page.getByTestId('return-one').click();
  await expect(row(inlet)).toHaveAttribute('data-state', 'UNACK');
  await expect(count('out-of-service')).toHaveAttribute('data-count', '0');
});

test('life safety cannot be hidden, and a bulk act says so by name', async () => {
  const smoke = { equipment: 'fire-zone-lobby', fault: 'smoke', severity: 1, rampS: 0 };
  await stack.sim('POST', '/faults', smoke);
  const fire = page
    .locator('[data-testid=alarm-row][data-alarm^="demo/fire-zone-lobby/"][data-priority=critical]')
    .first();
  await expect(fire).toBeVisible();
  await fire.locator('button').click();
  await expect(page.getByTestId('alarm-acts')).toContainText('生命安全告警不得搁置');
  await expect(page.getByTestId('shelve-open')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await fire.locator('input[type=checkbox]').check();
  await page.getByTestId('shelve-selected').click();
  await page.getByTestId('hiding-reason').fill('试验');
  await page.getByTestId('hiding-submit').click();
  await expect(page.getByRole('alert').filter({ hasText: '生命安全告警不得隐藏' })).toBeVisible();
  await expect(fire).toHaveAttribute('data-state', 'UNACK');
});

for (const { name, locale, colorScheme, viewport } of [
  { name: 'wall', locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 1920, height: 1080 } },
  { name: 'desk', locale: 'en-GB', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { name: 'phone', locale: 'zh-CN', colorScheme: 'light', viewport: { width: 390, height: 844 } },
  { name: 'phone', locale: 'en-GB', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const) {
  test(`the list and the drawer fit a ${name} (${locale}, ${colorScheme})`, async ({ browser }, info) => {
    const context = await signedIn(browser, { locale, colorScheme, viewport });
    const other = await context.newPage();
    await other.goto(`${stack.url}/alarms`);
    await expect(row(inlet, other)).toBeVisible();
    await other.screenshot({ path: info.outputPath(`list-${name}-${locale}.png`) });
    await row(inlet, other).locator('button').click();
    await other.getByTestId('shelve-open').click();
    await expect(other.getByTestId('shelve-form')).toBeVisible();
    const wider = `(() => {
      const root = document.documentElement;
      const drawer = document.querySelector('[data-testid=alarm-drawer]');
      return Math.max(root.scrollWidth - root.clientWidth, drawer.scrollWidth - drawer.clientWidth);
    })()`;
    expect(await other.evaluate(wider)).toBe(0);
    await other.screenshot({ path: info.outputPath(`drawer-${name}-${locale}.png`) });

    const reason = '压力变送器抖动，已报修，等待备件 / transmitter flaps, spare part on order';
    await stack.api.request('POST', '/api/alarms/shelve', { ids: [fault], mode: 'one-shot', reason });
    const removal = { approver: 'admin', workOrder: 'WO-000001', reviewMs: Date.now() + 3 * 86_400_000, reason };
    await stack.api.request('POST', '/api/alarms/out-of-service', { ids: [fault], ...removal });
    await other.goto(`${stack.url}/alarms?state=out-of-service&alarm=${encodeURIComponent(fault)}`);
    await expect(other.getByTestId('hiding-note')).toContainText('WO-000001');
    expect(await other.evaluate(wider)).toBe(0);
    await other.screenshot({ path: info.outputPath(`hidden-${name}-${locale}.png`) });
    await context.close();
  });
}

test('where there is another engineer, that one signs at the same screen; a wrong password is told', async () => {
  const engineer = { username: 'zhao', role: 'engineer', password: 'long enough' };
  await stack.api.request('POST', '/api/users', engineer);
  await page.goto(`${stack.url}/alarms`);
  await open(inlet);
  await page.getByTestId('service-open').click();
  await page.getByTestId('service-order').fill('WO-000002');
  await expect(page.getByTestId('service-approver')).toHaveValue('zhao');
  await page.getByTestId('hiding-reason').fill('更换压力变送器');
  await expect(page.getByTestId('hiding-submit')).toBeDisabled();
  await page.getByTestId('service-password').fill('not the password');
  await page.getByTestId('hiding-submit').click();
  await expect(page.getByTestId('alarm-drawer')).toContainText('用户名或密码不正确');
  await page.getByTestId('service-password').fill(engineer.password);
  await page.getByTestId('hiding-submit').click();
  await expect(page.getByTestId('hiding-note')).toContainText('zhao');
});
