import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingPeers, type Peer, peer } from '../tests/helpers/peers.ts';

/**
 * `npm test`: the unit and stack tests, beside them the browser tests where a Chromium is, and one line that counts it all. Either waits for
 * devices, disks and screens much of the time.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const reports = mkdtempSync(join(tmpdir(), 'plantroom-test-'));

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Answers whether it ended well. `says`: hears what it writes; left out: that goes out at once. */
function run(
  module: string,
  args: string[],
  { environment = {}, says }: { environment?: Record<string, string>; says?: (bytes: Buffer) => void } = {},
): Promise<boolean> {
  const output = says === undefined ? 'inherit' : 'pipe';
  const child = spawn(process.execPath, [join(root, 'node_modules', module), ...args], {
    cwd: root,
    stdio: [says === undefined ? 'inherit' : 'ignore', output, output],
    env: { ...process.env, ...environment },
  });
  if (says !== undefined) for (const stream of [child.stdout, child.stderr]) stream?.on('data', says);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code === 0));
  });
}

/** A report that was not written counts as a failure: a runner that died must not look like a green one. */
function read<T>(file: string, counts: (report: T) => Counts): Counts {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  return counts(JSON.parse(readFileSync(file, 'utf8')) as T);
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numFailedTestSuites: number;
  numPendingTests: number;
  numTodoTests: number;
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
}

async function vitest(): Promise<Counts> {
  const file = join(reports, 'vitest.json');
  const ok = await run('vitest/vitest.mjs', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...process.argv.slice(2),
  ]);
  const counts = read<VitestReport>(file, (report) => ({
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  }));
  return { ...counts, failed: ok ? counts.failed : Math.max(1, counts.failed) };
}

/** `says`: hears what the tests write. */
async function browser(chromium: Peer, says: (bytes: Buffer) => void): Promise<Counts> {
  if (!chromium.available) return { passed: 0, failed: 0, skipped: 1 };
  const file = join(reports, 'playwright.json');
  const ok = await run('@playwright/test/cli.js', ['test', '-c', 'tests/playwright.config.ts'], {
    environment: { PLAYWRIGHT_JSON_OUTPUT_NAME: file, PLANTROOM_CHROMIUM: chromium.program() },
    says,
  });
  const counts = read<PlaywrightReport>(file, ({ stats }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
  }));
  return { ...counts, failed: ok ? counts.failed : Math.max(1, counts.failed) };
}

// Where a missing one is a failure, nothing has begun yet.
const chromium = process.argv.length > 2 ? undefined : peer('chromium');
/** Of two that write at the same time neither can be read: what the browser tests say is shown when both are through. */
const said: Buffer[] = [];
const parts = await Promise.all([
  vitest(),
  ...(chromium === undefined ? [] : [browser(chromium, (bytes) => void said.push(bytes))]),
]);
process.stdout.write(Buffer.concat(said));
rmSync(reports, { recursive: true, force: true });
const total = parts.reduce((sum, part) => ({
  passed: sum.passed + part.passed,
  failed: sum.failed + part.failed,
  skipped: sum.skipped + part.skipped,
}));
for (const hint of missingPeers()) console.log(`skipped what needs it: ${hint}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
