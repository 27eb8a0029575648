import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { type RunningStack, startStack } from '../helpers/start-stack.ts';

/** The pages of notifications, from nothing to a fire that is told and acknowledged; the receiver is a server of its own. */
let stack: RunningStack;
let context: BrowserContext;
let page: Page;
let receiver: Server;
let receiverUrl: string;
const hooks: { title: string; kind: string }[] = [];
const texts: { to: string; text: string }[] = [];

const overflow =
  '(() => { const root = document.documentElement; const main = document.querySelector("main"); return Math.max(root.scrollWidth - root.clientWidth, main.scrollWidth - main.clientWidth); })()';

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      if (request.url === '/hook') hooks.push(JSON.parse(body));
      else texts.push(JSON.parse(body));
      response.end('{"code":"0"}');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  stack = await startStack();
  context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
  const at = stack.api.cookie.indexOf('=');
  const [name, value] = [stack.api.cookie.slice(0, at), stack.api.cookie.slice(at + 1)];
  await context.addCookies([{ name, value, url: stack.url }]);
  page = await context.newPage();
  await page.goto(`${stack.url}/notifications`);
});

test.afterAll(async () => {
  await context?.close();
  await stack?.destroy();
  receiver?.closeAllConnections();
  await new Promise((resolve) => receiver?.close(resolve));
});

const save = async () => {
  await page.getByTestId('editor-save').click();
  await expect(page.getByTestId('editor')).toHaveCount(0);
};

test('a fresh installation says that nobody is told; a channel is made, tested, and its secret never shown again', async () => {
  await expect(page.getByTestId('notify-gaps')).toContainText('尚未配置通知渠道');
  await page.getByTestId('new-webhook').click();
  await page.getByTestId('channel-name').fill('消控室');
  await page.getByTestId('channel-url').fill('ftp://127.0.0.1/hook');
  await page.getByTestId('secret-signingKey').fill('hook-key');
  await page.getByTestId('editor-save').click();
  await expect(page.getByRole('alert')).toContainText('settings.url');
  await page.getByTestId('channel-url').fill(`${receiverUrl}/hook`);
  await save();
  await page.getByTestId('channel').filter({ hasText: '消控室' }).click();
  await expect(page.getByTestId('secret-signingKey')).toHaveValue('');
  await page.getByTestId('channel-test').click();
  await expect(page.getByTestId('channel-tested')).toHaveAttribute('data-state', 'sent');
  expect(hooks.map(({ kind }) => kind)).toEqual(['test']);
  await page.keyboard.press('Escape');

  await page.getByTestId('new-http').click();
  await page.getByTestId('channel-name').fill('短信');
  await page.getByTestId('channel-url').fill(`${receiverUrl}/sms`);
  await save();
  await page.getByLabel('外部访问地址').fill(stack.url);
  await page.getByRole('button', { name: '保存' }).click();
});

test('people and a policy for a class of equipment, repeated a number of times; the dry run names them', async () => {
  for (const [name, number] of [
    ['安工', '13800138000'],
    ['Bo', '13900139000'],
  ] as const) {
    await page.getByTestId('notify-people').click();
    await page.getByTestId('notify-new').click();
    await page.getByTestId('person-name').fill(name);
    if (name === 'Bo') await page.getByTestId('editor').locator('select').first().selectOption('en');
    await page.getByTestId('add-contact').click();
    await page.getByTestId('editor').locator('select').last().selectOption({ label: '短信' });
    await page.getByTestId('contact-address').fill(number);
    await save();
  }
  await page.getByTestId('notify-policies').click();
  await page.getByTestId('notify-new').click();
  await page.getByTestId('policy-name').fill('消防');
  await page.getByTestId('match-classes').locator('select').selectOption('fire-zone');
  await page.getByTestId('match-equipment').locator('select').selectOption('demo/fire-zone-lobby');
  await page.getByTestId('repeat').check();
  await page.getByTestId('repeat-every').fill('7');
  await page.getByTestId('repeat-times').fill('2');
  for (const target of ['消控室', '安工', 'Bo'])
    await page.getByTestId('editor').getByText(target, { exact: false }).click();
  await save();
  const { items } = await stack.api.request<{ items: { match: unknown; repeat: unknown }[] }>(
    'GET',
    '/api/notifications/policies',
  );
  expect(items).toMatchObject([
    { match: { classes: ['fire-zone'], equipment: ['demo/fire-zone-lobby'] }, repeat: { everyMinutes: 7, times: 2 } },
  ]);
  await page.getByTestId('policy').click();
  await expect(page.getByTestId('repeat-times')).toHaveValue('2');
  await page.keyboard.press('Escape');
  const preview = page.getByTestId('preview');
  await preview.locator('select').first().selectOption('demo/fire-zone-lobby');
  await expect(preview).toContainText('13800138000');
});

test('the wording is checked, looked at with an alarm of the site, kept, and can be put back', async () => {
  await page.getByTestId('notify-templates').click();
  await expect(page.getByTestId('template')).toHaveCount(12);
  const webhook = page.locator('[data-template="webhook/zh-CN"]');
  await webhook.click();
  await expect(page.getByTestId('template-text')).toHaveCount(0);
  await page.getByTestId('template-subject').fill('{{nmae}}');
  await page.getByTestId('editor-save').click();
  await expect(page.getByRole('alert')).toContainText('{{nmae}}');
  await page.getByTestId('template-subject').fill('值班室请注意：{{name}}');
  await page.getByTestId('template-preview').click();
  await expect(page.getByTestId('template-shown')).toContainText('值班室请注意：');
  await save();
  await expect(webhook).toContainText('已修改');
  const email = page.locator('[data-template="email/en"]');
  await email.click();
  await page.getByTestId('template-subject').fill('Plantroom {{title}}');
  await save();
  await email.click();
  await page.getByTestId('editor-remove').click();
  await expect(email).toContainText('{{title}}');
  await expect(email).toContainText('内置');
});

test('a fire is told in that wording, and each person acknowledges on a phone in the language of the person', async ({
  browser,
}) => {
  const smoke = { equipment: 'fire-zone-lobby', fault: 'smoke', severity: 1, rampS: 0 };
  await stack.sim('POST', '/faults', smoke);
  await expect.poll(() => hooks.some(({ title }) => title.startsWith('值班室请注意：'))).toBe(true);
  const linkOf = (to: string) =>
    texts.filter((each) => each.to === to).flatMap(({ text }) => /http\S+\/ack\/\S+/.exec(text) ?? [])[0];
  await expect
    .poll(() => [linkOf('13800138000'), linkOf('13900139000')].every((link) => link !== undefined))
    .toBe(true);
  const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  try {
    const mobile = await phone.newPage();
    await mobile.goto(linkOf('13800138000') ?? '');
    await expect(mobile.locator('html')).toHaveAttribute('lang', 'zh-CN');
    await expect(mobile.locator('h2')).toContainText('生命安全');
    expect(await mobile.evaluate<number>(overflow)).toBeLessThanOrEqual(0);
    const box = await mobile.getByRole('button', { name: '确认告警' }).boundingBox();
    expect(box?.height).toBeGreaterThanOrEqual(44);
    await mobile.locator('textarea').fill('已派人核实');
    await mobile.getByRole('button', { name: '确认告警' }).click();
    await expect(mobile.getByRole('status')).toContainText('已确认');
    await mobile.goto(linkOf('13900139000') ?? '');
    await expect(mobile.locator('html')).toHaveAttribute('lang', 'en');
    await expect(mobile.locator('h2')).toContainText('Life safety');
    expect(await mobile.evaluate<number>(overflow)).toBeLessThanOrEqual(0);
  } finally {
    await phone.close();
  }
  await page.getByTestId('notify-deliveries').click();
  await page.getByTestId('delivery-state').selectOption('sent');
  await expect(page.getByTestId('deliveries')).toContainText('HTTP 200');
});

test('on a phone none of the pages is wider than the screen', async ({ browser }) => {
  const phone = await browser.newContext({ locale: 'en-GB', viewport: { width: 390, height: 844 }, isMobile: true });
  try {
    await phone.addCookies(await context.cookies());
    const mobile = await phone.newPage();
    for (const tab of ['channels', 'people', 'rosters', 'policies', 'templates', 'deliveries']) {
      await mobile.goto(`${stack.url}/notifications/${tab}`);
      await expect(mobile.locator('main h1')).toBeVisible();
      await expect.poll(() => mobile.evaluate<number>(overflow), { message: tab }).toBeLessThanOrEqual(0);
    }
  } finally {
    await phone.close();
  }
});
