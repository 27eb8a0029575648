import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { adminPassword, type RunningStack, startStack } from '../helpers/start-stack.ts';

const technician = { username: 'wang', role: 'technician', password: 'long enough' };
const fault = '"demo/booster-1/alarm-code#fault"';

let stack: RunningStack;
let context: BrowserContext;
let page: Page;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  stack = await startStack();
  await stack.api.request('POST', '/api/users', technician);
  await stack.sim('POST', '/faults', { equipment: 'booster-1', fault: 'dry-run', severity: 1, rampS: 0 });
  context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
  await page.goto(`${stack.url}/alarms`);
  await page.getByTestId('sign-in-username').fill('admin');
  await page.getByTestId('sign-in-password').fill(adminPassword);
  await page.getByTestId('sign-in-submit').click();
  await expect(page.locator(`[data-testid=alarm-row][data-alarm=${fault}]`)).toBeVisible();
});

test.afterAll(async () => {
  await context?.close();
  await stack?.destroy();
});

test('the journal is searched, keeps its filter in the address, opens the alarm and goes out as a file', async () => {
  await page.getByTestId('journal-tab').click();
  const rows = page.getByTestId('journal-row');
  await expect(rows.first()).toBeVisible();
  await page.getByTestId('journal-search').fill('生活水泵 nothing of the kind');
  await expect(rows).toHaveCount(0);
  await page.getByTestId('journal-search').fill('booster-1 alarm-code');
  await expect(page).toHaveURL(/q=booster-1/);
  await page.getByTestId('journal-action').selectOption('activated');
  await expect(rows).toHaveCount(1);
  await page.reload();
  await expect(page.getByTestId('journal-search')).toHaveValue('booster-1 alarm-code');
  await expect(rows).toHaveCount(1);
  await rows.first().getByRole('button').click();
  await expect(page.getByTestId('alarm-drawer')).toContainText('demo/booster-1/alarm-code#fault');
  for (const format of ['csv', 'xlsx']) {
    const downloading = page.waitForEvent('download');
    await page.getByTestId(`journal-export-${format}`).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe(`alarm-journal.${format}`);
    expect(await download.failure()).toBeNull();
  }
  await page.getByTestId('journal-clear').click();
  await expect(page.getByTestId('journal-search')).toHaveValue('');
});

test('the performance of alarms stands beside its targets, and a day is told to be too short', async () => {
  await page.goto(`${stack.url}/alarms/performance?days=1`);
  await expect(page.getByTestId('kpi')).toHaveCount(22);
  await expect(page.locator('[data-kpi=alarms-per-day]')).toHaveAttribute('data-verdict', 'on-target');
  await expect(page.getByTestId('short-period')).toBeVisible();
  await expect(page.getByTestId('bad-actors')).toContainText('加压');
  await expect(page.getByTestId('chart')).toBeVisible();
  await page.getByTestId('days-30').click();
  await expect(page).toHaveURL(/days=30/);
  await expect(page.getByTestId('short-period')).toHaveCount(0);
});

test('a shift is handed over by two people at one screen, and cannot be changed afterwards', async () => {
  await page.getByTestId('handover-tab').click();
  const handover = page.getByTestId('handover');
  await expect(handover).toHaveAttribute('data-state', 'open');
  await expect(page.getByTestId('handover-report')).toContainText('加压');
  await page.getByTestId('handover-notes').fill('一号泵组干转，已报修');
  await page.getByTestId('handover-leave').click();
  await expect(handover).toHaveAttribute('data-state', 'left');
  await expect(page.getByTestId('handover-notes')).toHaveCount(0);
  await page.getByTestId('handover-take').click();
  await expect(page.getByTestId('handover-problem')).toBeVisible();
  await page.getByTestId('handover-username').fill(technician.username);
  await page.getByTestId('handover-password').fill(technician.password);
  await page.getByTestId('handover-take').click();
  await expect(handover).toHaveAttribute('data-state', 'taken');
  await expect(page.getByTestId('handover-signing')).toContainText('wang');
  await expect(page.getByTestId('handover-list')).toContainText('wang');
});

test('on a phone none of them is wider than the screen', async ({ browser }) => {
  const phone = await browser.newContext({ locale: 'en-GB', viewport: { width: 390, height: 844 }, isMobile: true });
  try {
    await phone.addCookies(await context.cookies());
    const mobile = await phone.newPage();
    for (const path of ['/alarms/journal', '/alarms/performance', '/handover']) {
      await mobile.goto(`${stack.url}${path}`);
      await expect(mobile.locator('main h1')).toBeVisible();
      await expect
        .poll(
          () =>
            mobile.evaluate<number>(
              '(() => { const main = document.querySelector("main"); return Math.max(document.documentElement.scrollWidth - document.documentElement.clientWidth, main.scrollWidth - main.clientWidth); })()',
            ),
          { message: path },
        )
        .toBeLessThanOrEqual(0);
    }
  } finally {
    await phone.close();
  }
});
