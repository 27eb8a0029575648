import { systems } from '@plantroom/contracts';
import { type Browser, type BrowserContext, expect, type Locator, type Page, test } from '@playwright/test';
import { adminPassword, type RunningStack, startStack } from '../helpers/start-stack.ts';

interface FaultHandle {
  id: string;
}

/** The incomer carries what its feeders take, so a tenants' overload moves it at any hour. */
const incomerPower = 'demo/meter-incomer/power';

let stack: RunningStack;
let context: BrowserContext;
let page: Page;

async function signedIn(browser: Browser, options: Parameters<Browser['newContext']>[0] = {}): Promise<BrowserContext> {
  const made = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options });
  const cookie = stack.api.cookie;
  const at = cookie.indexOf('=');
  await made.addCookies([{ name: cookie.slice(0, at), value: cookie.slice(at + 1), url: stack.url }]);
  return made;
}

const valueAt = (id: string, on: Page = page): Locator => on.locator(`[data-testid=value][data-point="${id}"]`).first();
const rowsOf = (equipment: string): Locator => page.locator(`[data-testid=alarm-row][data-alarm^="${equipment}/"]`);

async function openOverview(): Promise<void> {
  await page.getByTestId('rail').locator('a').first().click();
  await expect(page.getByTestId('summary')).toBeVisible();
}

/** Within the page, without loading it anew: what comes must come by the live link. */
async function openByRail(path: string): Promise<void> {
  await page.getByTestId('rail').locator(`a[href="${path}"]`).click();
}

/** Expressions for the page are text: this program knows no browser types. */
function rememberThisDocument(): Promise<unknown> {
  return page.evaluate('window.stayed = true');
}

function sameDocument(): Promise<boolean> {
  return page.evaluate<boolean>('window.stayed === true');
}

interface ValueElement {
  dataset: Record<string, string | undefined>;
}
const pointsOf = (values: unknown[]): string[] => [
  ...new Set((values as ValueElement[]).map(({ dataset }) => dataset.point ?? '')),
];

const widerBy = `(() => {
  const main = document.querySelector('main');
  const root = document.documentElement;
  return Math.max(root.scrollWidth - root.clientWidth, main.scrollWidth - main.clientWidth);
})()`;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  stack = await startStack();
  context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
});

/** A change in the building reaches the screen by itself. */
async function expectPowerFollowsLoad(): Promise<void> {
  const value = valueAt(incomerPower);
  await expect(value).toHaveAttribute('data-quality', 'good');
  const before = await value.textContent();
  const overload = { equipment: 'meter-tenants-low', fault: 'overload', severity: 1, rampS: 0 };
  const { id } = await stack.sim<{ id: string }>('POST', '/faults', overload);
  await expect(value).not.toHaveText(before ?? '');
  await stack.sim('DELETE', `/faults/${id}`);
}

test.afterAll(async () => {
  await context?.close();
  await stack?.destroy();
});

test('a wrong password is told, the right one opens the building', async () => {
  await page.goto(stack.url);
  await page.getByTestId('sign-in-username').fill('admin');
  await page.getByTestId('sign-in-password').fill('not the password');
  await page.getByTestId('sign-in-submit').click();
  await expect(page.getByTestId('sign-in-error')).toBeVisible();
  await page.getByTestId('sign-in-password').fill(adminPassword);
  await page.getByTestId('sign-in-submit').click();
  await expect(page.getByTestId('link')).toHaveAttribute('data-link', 'live');
});

test('all six systems are on the overview with good, live values that move', async () => {
  for (const system of systems) {
    const panel = page.locator(`[data-testid=system-panel][data-system=${system}]`);
    await expect(panel).toBeVisible();
    // Each for itself: on a machine that stands still for a second now and then, some value is always late.
    const points = await panel.locator('[data-testid=value]').evaluateAll(pointsOf);
    expect(points.length).toBeGreaterThan(0);
    for (const point of points) {
      const value = panel.locator(`[data-testid=value][data-point="${point}"]`).first();
      await expect(value).toHaveAttribute('data-quality', 'good');
    }
    await expect(panel.locator('[data-testid=value][data-quality=good][data-live=true]')).not.toHaveCount(0);
  }
  await expectPowerFollowsLoad();
});

test('a pump fault shows as an alarm and exactly one order, without a reload', async () => {
  await openByRail('/alarms');
  await expect(rowsOf('demo/booster-1')).toHaveCount(0);
  await rememberThisDocument();
  const fault = await stack.sim<FaultHandle>('POST', '/faults', {
    equipment: 'booster-1',
    fault: 'dry-run',
    severity: 1,
    rampS: 0,
  });
  await expect(page.locator('[data-alarm="demo/booster-1/alarm-code#fault"][data-state=UNACK]')).toBeVisible();
  await expect(
    page.locator('[data-testid=alarm-row][data-alarm="demo/booster-1/inlet-pressure#inlet-pressure-low"]'),
  ).toBeVisible();
  await openByRail('/work-orders');
  const orders = page.getByTestId('order-row');
  await expect(orders).toHaveCount(1);
  expect(await sameDocument()).toBe(true);
  await orders.getByRole('link').click();
  await expect(page.getByTestId('order')).toHaveAttribute('data-state', 'open');
  await expect(page.getByTestId('order')).toContainText('加压');

  await openByRail('/alarms');
  await page.locator('[data-alarm="demo/booster-1/alarm-code#fault"] button').click();
  await page.getByTestId('ack-comment').fill('现场已看到');
  await page.getByTestId('ack-one').click();
  await expect(page.locator('[data-testid=alarm-row][data-alarm="demo/booster-1/alarm-code#fault"]')).toHaveAttribute(
    'data-state',
    'ACKED',
  );
  await expect(page.getByTestId('alarm-drawer')).toContainText('现场已看到');
  const held = (await stack.api.alarms()).find((alarm) => alarm.id === 'demo/booster-1/alarm-code#fault');
  expect(held).toMatchObject({ ackedBy: 'admin', ackComment: '现场已看到' });

  await page.getByTestId('ack-all').click();
  await expect(page.locator('[data-testid=alarm-row][data-state=UNACK]')).toHaveCount(0);
  await stack.sim('DELETE', `/faults/${fault.id}`);
  // Acknowledged and returned: normal, and gone from the list of open alarms.
  await expect(rowsOf('demo/booster-1')).toHaveCount(0);
  expect(await sameDocument()).toBe(true);
});

test('a limit set in the browser gives its alarm and one order', async () => {
  await page.goto(`${stack.url}/equipment/demo/tank-1?point=demo%2Ftank-1%2Flevel`);
  const drawer = page.getByTestId('point-drawer');
  await expect(drawer.getByTestId('value')).toHaveAttribute('data-quality', 'good');
  await page.getByTestId('limit-kind-H').click();
  await page.getByTestId('limit-value').fill('0.1');
  await page.getByTestId('limit-on-delay').fill('0');
  await page.getByTestId('limit-opens-order').check();
  await page.getByTestId('limit-reason').fill('验收试验');
  await rememberThisDocument();
  await page.getByTestId('limit-save').click();
  await expect(drawer.locator('[data-testid=limit-row][data-kind=H]')).toBeVisible();
  const lines = page.locator('[data-testid=alarm-line][data-alarm^="demo/tank-1/level"]');
  await expect(lines).toHaveCount(1);
  await expect(lines).toHaveAttribute('data-state', 'UNACK');
  await expect(page.getByTestId('order-row')).toHaveCount(1);
  expect(await sameDocument()).toBe(true);
  const ofTank = (await stack.api.workOrders()).filter((order) => order.equipment === 'demo/tank-1');
  expect(ofTank).toHaveLength(1);
});

test('smoke in a fire zone is a band across every page', async () => {
  await openOverview();
  await expect(page.getByTestId('life-safety-band')).toHaveCount(0);
  const fault = await stack.sim<FaultHandle>('POST', '/faults', {
    equipment: 'fire-zone-lobby',
    fault: 'smoke',
    severity: 1,
    rampS: 0,
  });
  const band = page.getByTestId('life-safety-band');
  await expect(band.locator('[data-alarm^="demo/fire-zone-lobby/"]').first()).toBeVisible();
  await expect(band).toContainText('消防');
  for (const path of ['/alarms', '/work-orders', '/devices', '/sites/demo/systems/elevators', '/sites/demo']) {
    await openByRail(path);
    await expect(page).toHaveURL(`${stack.url}${path}`);
    await expect(band).toBeVisible();
  }
  await page.goto(`${stack.url}/equipment/demo/ahu-1`);
  await expect(band).toBeVisible();
  await stack.sim('DELETE', `/faults/${fault.id}`);
});

test('language and theme are switched and remembered', async () => {
  const html = page.locator('html');
  await expect(html).toHaveAttribute('lang', 'zh-CN');
  const dark = (await html.getAttribute('class'))?.includes('dark') ?? false;
  const alarms = page.getByTestId('rail').locator('a[href="/alarms"]');
  await expect(alarms).toHaveText('告警');
  await page.getByTestId('top-bar').getByTestId('language').click();
  await expect(alarms).toHaveText('Alarms');
  await page.getByTestId('top-bar').getByTestId('theme').click();
  await expect(html).toHaveClass(dark ? /^(?!.*dark)/ : /dark/);
  await page.reload();
  await expect(html).toHaveAttribute('lang', 'en');
  await expect(alarms).toHaveText('Alarms');
  await expect(html).toHaveClass(dark ? /^(?!.*dark)/ : /dark/);
  await page.getByTestId('top-bar').getByTestId('language').click();
  await expect(alarms).toHaveText('告警');
});

test('on a phone no page is wider than the screen', async ({ browser }) => {
  const phone = await signedIn(browser, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  try {
    const mobile = await phone.newPage();
    const pages = [
      '/',
      ...systems.map((system) => `/sites/demo/systems/${system}`),
      '/equipment/demo/tank-1',
      '/equipment/demo/ahu-1',
      '/alarms',
      '/alarms/journal',
      '/work-orders',
      '/devices',
    ];
    for (const path of pages) {
      await mobile.goto(`${stack.url}${path}`);
      await expect(mobile.getByTestId('link')).toHaveAttribute('data-link', 'live');
      await expect(mobile.locator('main h1')).toBeVisible();
      await expect.poll(() => mobile.evaluate<number>(widerBy), { message: path }).toBeLessThanOrEqual(0);
    }
  } finally {
    await phone.close();
  }
});

test('with the server gone the screen says so and shows nothing as live; with it back all is live again', async () => {
  await openOverview();
  const live = page.locator('[data-testid=value][data-live=true]');
  await expect(live).not.toHaveCount(0);
  await stack.process('server').stop();
  await expect(page.getByTestId('link-down')).toBeVisible();
  await expect(page.getByTestId('link')).toHaveAttribute('data-link', 'down');
  await expect(live).toHaveCount(0);
  await expect(page.locator('[data-testid=value][data-live=false]')).not.toHaveCount(0);
  await stack.process('server').start();
  await expect(page.getByTestId('link')).toHaveAttribute('data-link', 'live');
  await expect(page.getByTestId('link-down')).toHaveCount(0);
  await expect(page.locator('[data-testid=value][data-live=false]')).toHaveCount(0);
  await expectPowerFollowsLoad();
});
