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

const inlet = 'demo/booster-1/inlet-pressure#inlet-pressure-low';
interface Audited {
  items: { action: string; subject: string; reason: string | null; details: { backtest?: string } }[];
}
const auditOf = async (subject: string): Promise<Audited['items']> =>
  (await stack.api.request<Audited>('GET', `/api/audit?subject=${encodeURIComponent(subject)}`)).items;

test('a limit is tried on history beside what is in force, applied with a reason, and the audit says with which backtest', async () => {
  const count = (side: string) => page.getByTestId(`backtest-${side}-count`);
  // A page tries the history up to its opening: the alarm has to have been raised by then.
  await expect(async () => {
    await page.goto(`${stack.url}/backtest?alarm=${encodeURIComponent(inlet)}`);
    await expect(count('before')).toHaveText('1', { timeout: 10_000 });
  }).toPass();
  await expect(page.getByTestId('backtest-apply')).toHaveCount(0);
  await page.getByTestId('condition.limit').fill('');
  await expect(page.getByTestId('backtest-draft')).toContainText('定义尚未填写完整');
  await page.getByTestId('condition.limit').fill('99999');
  await expect(page.getByTestId('problem-condition')).toContainText('超出该测点的量程');
  // Far below what the pump can do: it would never have been raised.
  await page.getByTestId('condition.limit').fill('-90');
  await expect(page.getByTestId('problem-condition')).toHaveCount(0);
  await expect(count('after')).toHaveText('0');
  await expect(count('before')).toHaveText('1');
  await page.getByTestId('backtest-reason').fill('进口压力变送器量程调整');
  await page.getByTestId('backtest-apply-button').click();
  await expect(page.getByTestId('backtest-applied')).toBeVisible();
  const [latest] = await auditOf(inlet);
  expect(latest).toMatchObject({ action: 'alarm.set', reason: '进口压力变送器量程调整' });
  expect(latest?.details.backtest).toMatch(/./);
});

test('an expression is built of points of the equipment and of what it depends on, put in force, and raises its alarm', async () => {
  await page.goto(`${stack.url}/equipment/demo/booster-1`);
  const row = page.locator(`[data-testid=setting-row][data-alarm="${inlet}"]`);
  await expect(row).toHaveAttribute('data-mark', 'overridden');
  await row.click();
  await page.getByTestId('condition.type').selectOption('expression');
  await expect(page.getByTestId('setting-save')).toBeDisabled();
  await page.getByTestId('condition.when.allOf.0.test').selectOption('below');
  await page.getByTestId('condition.when.allOf.0.value').fill('900');
  // By the keyboard alone.
  await page.getByTestId('condition.when.add-group').focus();
  await page.keyboard.press('Enter');
  const inner = 'condition.when.allOf.1.anyOf.0';
  await expect(page.getByTestId(`${inner}.point`)).toBeVisible();
  await page.getByTestId(`${inner}.point`).selectOption('depends-on:power-meter/voltage-l1');
  await page.getByTestId(`${inner}.value`).fill('100');
  await page.getByTestId(`${inner}.ifAbsent`).selectOption('true');
  await page.getByTestId('condition.when.allOf.1.add').click();
  await page.getByTestId('condition.when.allOf.1.anyOf.1.kind').selectOption('not');
  await page.getByTestId('condition.when.allOf.1.anyOf.1.not.point').selectOption('enabled');
  await page.getByTestId('condition.when.allOf.1.anyOf.1.not.is').getByText('启用', { exact: true }).click();
  // Three deep is as deep as it goes.
  await expect(page.getByTestId('condition.when.allOf.1.anyOf.1.not.kind').locator('option')).toHaveCount(1);
  await page.getByTestId('setting-on-delay').fill('0');
  await page.getByTestId('setting-reason').fill('进口压力低且有电时才需处置');
  await page.getByTestId('setting-save').click();
  await expect(page.getByTestId('setting-drawer')).toContainText('进口压力 < 900');
  const { items } = await stack.api.request<{ items: { inForce: { id: string; condition: unknown } }[] }>(
    'GET',
    '/api/alarms/definitions?equipment=demo/booster-1',
  );
  expect(items.find(({ inForce }) => inForce.id === inlet)?.inForce.condition).toEqual({
    type: 'expression',
    when: {
      allOf: [
        { below: 900 },
        {
          anyOf: [
            { point: 'depends-on:power-meter/voltage-l1', above: 100, ifAbsent: true },
            { not: { point: 'enabled', is: [true] } },
          ],
        },
      ],
    },
  });
  await expect(page.locator(`[data-testid=alarm-line][data-alarm="${inlet}"]`)).toHaveAttribute('data-state', 'UNACK');
  expect((await auditOf(inlet))[0]).toMatchObject({ action: 'alarm.set', reason: '进口压力低且有电时才需处置' });
});

test('what cannot be is refused at the part that it is about, and nothing changes', async () => {
  const entrapment = 'demo/elevator-1/fault-code#suspected-entrapment';
  await page.goto(`${stack.url}/equipment/demo/elevator-1`);
  const row = page.locator(`[data-testid=setting-row][data-alarm="${entrapment}"]`);
  await row.click();
  await page.getByTestId('enabledWhen.when.kind').selectOption('compare');
  await page.getByTestId('setting-reason').fill('试验');
  await page.getByTestId('setting-save').click();
  await expect(page.getByTestId('problem-enabledWhen')).toContainText('生命安全告警不得放宽');
  await expect(page.getByTestId('definition-refused')).toContainText('未保存');
  await expect(row).toHaveAttribute('data-mark', 'default');
  expect(await auditOf(entrapment)).toEqual([]);
});

test('on a phone none of them is wider than the screen', async ({ browser }) => {
  const phone = await browser.newContext({ locale: 'en-GB', viewport: { width: 390, height: 844 }, isMobile: true });
  try {
    await phone.addCookies(await context.cookies());
    const mobile = await phone.newPage();
    for (const path of [
      '/alarms/journal',
      '/alarms/performance',
      '/alarms/tests',
      '/handover',
      `/backtest?alarm=${encodeURIComponent(inlet)}`,
    ]) {
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
