import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingPeers, peer } from '../tests/helpers/peers.ts';

/** `npm test`: the unit and stack tests, then the browser tests where a Chromium is, then one line that counts it all. */
const root = fileURLToPath(new URL('..', import.meta.url));
const reports = mkdtempSync(join(tmpdir(), 'plantroom-test-'));

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

function run(module: string, args: string[], environment: Record<string, string> = {}): boolean {
  const env = { ...process.env, ...environment };
  return (
    spawnSync(process.execPath, [join(root, 'node_modules', module), ...args], { cwd: root, stdio: 'inherit', env })
      .status === 0
  );
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

function vitest(): Counts {
  const file = join(reports, 'vitest.json');
  const ok = run('vitest/vitest.mjs', [
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

function browser(): Counts {
  const chromium = peer('chromium');
  if (!chromium.available) return { passed: 0, failed: 0, skipped: 1 };
  const file = join(reports, 'playwright.json');
  const ok = run('@playwright/test/cli.js', ['test', '-c', 'tests/playwright.config.ts'], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
    PLANTROOM_CHROMIUM: chromium.program(),
  });
  const counts = read<PlaywrightReport>(file, ({ stats }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
  }));
  return { ...counts, failed: ok ? counts.failed : Math.max(1, counts.failed) };
}

const parts = process.argv.length > 2 ? [vitest()] : [vitest(), browser()];
rmSync(reports, { recursive: true, force: true });
const total = parts.reduce((sum, part) => ({
  passed: sum.passed + part.passed,
  failed: sum.failed + part.failed,
  skipped: sum.skipped + part.skipped,
}));
for (const hint of missingPeers()) console.log(`skipped what needs it: ${hint}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
