import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PlayedJob, playInPool } from './pool.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const name = 'pump-set-dry-run';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plantroom-scenario-play-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function scenario(...args: string[]): { status: number | null; stdout: string } {
  return spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
}

test('the same scenario twice is the same, entry by entry of the journal, and comes out as it was to', async () => {
  const played: PlayedJob[] = [];
  const job = { name, disabled: [], wire: false };
  await playInPool([job, job], { size: 2, played: (done) => void played.push(done) });
  const [first, second] = played.map((done) => {
    if ('error' in done) throw new Error(done.error);
    const { complaints, journal, orders, samples } = done.result;
    const told = journal.map(({ alarm, action, atMs, recordedMs, value }) => ({
      alarm,
      action,
      atMs,
      recordedMs,
      value,
    }));
    return { complaints, told, orders, samples };
  });
  expect(first?.complaints).toEqual([]);
  expect(first?.told.length).toBeGreaterThan(0);
  expect(second).toEqual(first);
});

test('a rule that is switched off is missed, the report and the ground truth are written, and the exit code says so', () => {
  const { status, stdout } = scenario(name, '--disable', 'booster-pump-set/alarm-code#fault', '--out', folder);
  expect(stdout).toContain('booster-1/alarm-code#fault was to come between');
  expect(status).toBe(1);
  const report = readFileSync(join(folder, 'index.html'), 'utf8');
  expect(report).toContain(`id="${name}"`);
  expect(report).not.toMatch(/src=|href="http/);
  const rows = readFileSync(join(folder, `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; anomaly?: boolean; levels?: Record<string, number> });
  expect(rows[0]?.type).toBe('scenario');
  const states = rows.filter(({ type }) => type === 'state');
  const wrong = states.filter(({ anomaly }) => anomaly === true);
  // Ten minutes of thirty-five.
  expect(wrong.length / states.length).toBeCloseTo(10 / 35, 1);
  expect(wrong.every(({ levels }) => levels?.['dry-run of booster-1'] === 1)).toBe(true);
});

test.each([
  [['nonsense'], /no scenario "nonsense"; there are: .*pump-set-dry-run/],
  [[], /no scenario is named/],
  [[name, '--jobs', '0'], /--jobs is "0"; allowed: whole numbers from 1 on/],
  [[name, '--disable', 'nobody'], /--disable .*is "nobody"; allowed: an alarm of the demo building/],
  [[name, '--mutations', '--wire'], /use one of them/],
])('%j is refused with what is allowed', (args, pattern) => {
  const { status, stdout } = scenario(...args);
  expect(stdout).toMatch(pattern);
  expect(status).toBe(2);
});
