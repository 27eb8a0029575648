import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@plantroom/contracts';
import { loadCatalog } from '@plantroom/device-profiles';
import { expect, type Page, test } from '@playwright/test';
import { Demo } from '../../simulators/src/demo/demo.ts';
import { readGatewayFile } from '../../simulators/src/demo/gateway-file.ts';
import { readEnvironment } from '../../simulators/src/environment.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'plantroom-sim-page-'));
const { gatewayFile } = readEnvironment({});
let demo: Demo;
let url: string;

test.beforeAll(async () => {
  const given = await anyPort();
  demo = new Demo({
    environment: readEnvironment({ ...given, PLANTROOM_DATA_DIR: dataDir, PLANTROOM_MQTT_URL: 'mqtt://127.0.0.1:1' }),
    clock: systemClock,
    logger: silentLogger,
  });
  await demo.start();
  url = `http://127.0.0.1:${demo.controlPort}/`;
});
test.afterAll(async () => {
  await demo.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Port 0 for the page and for every listener that the demo's gateway file names. */
async function anyPort(): Promise<Record<string, string>> {
  const { portVariables } = await readGatewayFile(gatewayFile, {
    environment: {},
    loadCatalog: (profiles) => loadCatalog({ profiles }).catalog,
  });
  return Object.fromEntries(['PLANTROOM_SIM_PORT', ...portVariables.values()].map((name) => [name, '0']));
}

function watch(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return errors;
}

test('a fault is found, switched on with severity, point and ramp, seen, and switched off', async ({ page }) => {
  const errors = watch(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(url);
  await expect(page.getByRole('heading', { name: '模拟楼宇' })).toBeVisible();
  await page.getByRole('searchbox', { name: '按名称或编号查找设备' }).fill('tank-1');
  await page.getByRole('button', { name: /生活水箱/ }).click();
  await page.getByRole('searchbox', { name: '查找故障或活动' }).fill('wire-drift');
  await page.getByText('读数漂移').click();
  await page.getByLabel('程度').last().fill('0.5');
  await page.getByLabel('发展时间').fill('0');
  await page.getByRole('combobox', { name: '测点' }).selectOption('level');
  await page.getByRole('button', { name: '开始' }).click();
  const going = page.locator('#active li');
  await expect(going).toContainText('0.50 / 0.5');
  await page.screenshot({ path: 'test-results/simulators-zh-dark.png', fullPage: true });
  await going.getByRole('button', { name: '结束' }).click();
  await expect(going).toHaveText('没有故障，也没有活动');
  expect(errors).toEqual([]);
});

test('time is accelerated and held, and the building says what time it has', async ({ page }) => {
  const errors = watch(page);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto(url);
  await page.getByRole('button', { name: 'English' }).click();
  const clock = page.locator('#clock');
  const read = async (): Promise<number> => Date.parse(`${(await clock.textContent())!.slice(0, 19)}Z`);
  await expect(clock).toHaveText(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/);
  const began = await read();
  await page.getByRole('button', { name: '×60', exact: true }).click();
  await expect(page.getByRole('button', { name: '×60', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await expect(async () => expect(await read()).toBeGreaterThan(began + 120_000)).toPass();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Pause' })).toHaveAttribute('aria-pressed', 'true');
  const stands = await clock.textContent();
  await page.getByRole('button', { name: /Elevator 1/ }).click();
  await expect(page.locator('#points tr')).not.toHaveCount(0);
  await page.screenshot({ path: 'test-results/simulators-en-light.png', fullPage: true });
  expect(await clock.textContent()).toBe(stands);
  await page.getByRole('button', { name: 'Real time' }).click();
  expect(errors).toEqual([]);
});

test('what can be pressed stays while the page takes in what is new', async ({ page }) => {
  await fetch(`${url}faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ equipment: 'pump-1', fault: 'bearing-wear', rampS: 60 }),
  });
  await page.goto(url);
  const level = page.locator('#active .level');
  await expect(level).toHaveText(/^\d\.\d\d \/ 1$/);
  const buttons = await page.locator('#active button, #rates button').elementHandles();
  expect(buttons.length).toBe(6);
  const before = (await level.textContent())!;
  await expect(level).not.toHaveText(before);
  for (const button of buttons) expect(await button.evaluate((one) => one.isConnected)).toBe(true);
});

test('on a phone nothing runs over the edge', async ({ page }) => {
  const errors = watch(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(url);
  await page.getByRole('button', { name: /1号客梯/ }).click();
  await expect(page.locator('#one-title')).toContainText('elevator-1');
  await page.screenshot({ path: 'test-results/simulators-phone.png' });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  expect(errors).toEqual([]);
});
