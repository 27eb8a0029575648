import { type Browser, type BrowserContext, expect, type Page, test } from '@playwright/test';
import { type RunningStack, startStack } from '../helpers/start-stack.ts';

/** Asked for by one, approved by another, seen on every page, over by hand. */
let stack: RunningStack;
let admin: Page;
let engineer: Page;

const elevator = '/equipment/demo/elevator-1';

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
  const context = await signedIn(browser, {
    locale: 'zh-CN',
    colorScheme: 'dark',
    viewport: { width: 1440, height: 900 },
  });
  admin = await context.newPage();
  await admin.goto(stack.url + elevator);
  const user = { username: 'zhao', role: 'engineer', password: 'long enough' };
  expect((await admin.request.post(`${stack.url}/api/users`, { data: user })).ok()).toBe(true);
  const other = await browser.newContext({ locale: 'en', colorScheme: 'light', viewport: { width: 390, height: 844 } });
  const { username, password } = user;
  expect((await other.request.post(`${stack.url}/api/session`, { data: { username, password } })).ok()).toBe(true);
  engineer = await other.newPage();
});
test.afterAll(async () => {
  await engineer?.context().close();
  await admin?.context().close();
  await stack?.destroy();
});

test('whoever asks cannot approve; another person can, and every page says so', async () => {
  await admin.getByTestId('test-request').click();
  await admin.getByTestId('test-reason').fill('消防返回试验');
  await admin.getByTestId('test-submit').click();
  const band = admin.getByTestId('test-mode-band');
  await expect(band).toContainText('admin 申请，待他人批准');
  await expect(admin.getByTestId('test-approve')).toHaveCount(0);
  await engineer.goto(stack.url + elevator);
  await engineer.getByTestId('test-approve').click();
  await expect(engineer.getByTestId('test-mode-band')).toContainText('asked for by admin, approved by zhao');
  for (const path of ['/', '/alarms', '/work-orders', '/devices']) {
    await admin.goto(stack.url + path);
    await expect(band).toContainText('admin 申请，zhao 批准');
  }
});

test('a recall in test calls nobody: it is counted and listed as a test', async () => {
  await stack.sim('POST', '/faults', { equipment: 'elevator-1', fault: 'recall-test', severity: 1, rampS: 0 });
  await admin.goto(`${stack.url}/alarms?state=test`);
  const row = admin.locator('[data-testid=alarm-row][data-alarm="demo/elevator-1/fire-return#fire-return"]');
  await expect(row).toContainText('测试');
  await expect(admin.getByTestId('hidden-test')).toHaveAttribute('data-count', '1');
  await admin.goto(`${stack.url}/alarms`);
  await expect(admin.getByTestId('hidden-test')).toHaveAttribute('data-count', '1');
  await expect(row).toHaveCount(0);
});

test('what still stands when the test ends is a real alarm', async () => {
  await admin.goto(stack.url + elevator);
  await admin.getByTestId('test-end').click();
  await expect(admin.getByTestId('test-mode-band')).toHaveCount(0);
  await admin.goto(`${stack.url}/alarms`);
  const row = admin.locator('[data-testid=alarm-row][data-alarm="demo/elevator-1/fire-return#fire-return"]');
  await expect(row).toHaveAttribute('data-state', 'UNACK');
});

test('the former test mode is told with who asked, approved and ended it, why, and the alarms that came in it', async () => {
  await admin.getByTestId('tests-tab').click();
  const record = admin.getByTestId('tests-former').getByTestId('test-record');
  await expect(record).toHaveAttribute('data-state', 'ended');
  for (const words of ['人工结束', 'admin', 'zhao', '消防返回试验']) await expect(record).toContainText(words);
  await record.getByTestId('test-alarms').click();
  const alarm = record.getByTestId('tested-alarm').filter({ hasText: '转为真实告警' });
  await expect(alarm).toHaveCount(1);
  await record.getByText('在告警记录中查看全部').click();
  await expect(admin.getByTestId('journal-row').filter({ hasText: '测试结束' }).first()).toBeVisible();
});
