import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorMessage } from '@plantroom/contracts';
import { type Mutation, mutations } from './mutations.ts';
import { type NamedTest, requirementTable, root } from './requirement-table.ts';

interface Report {
  testResults: { message?: string; assertionResults: { title: string; status: string; failureMessages: string[] }[] }[];
}

const { tests } = requirementTable();
const folder = mkdtempSync(join(tmpdir(), 'plantroom-mutations-'));

/** Broken code may keep what the tests look at from coming about at all; then it is tried again. */
const attempts = 3;

/** Runs the covering test on the broken code. Answers what it said first; undefined: it noticed nothing. */
async function run(number: number, test: NamedTest): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOnce(number, test);
    } catch (error) {
      if (attempt === attempts) throw error;
      process.stdout.write(`${errorMessage(error)}; once more\n`);
    }
  }
}

async function runOnce(number: number, { file, title }: NamedTest): Promise<string | undefined> {
  const outputFile = join(folder, `${number}.json`);
  // The whole title, and nothing of it as a pattern.
  const pattern = title.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const config = 'tests/mutations/vitest.config.ts';
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      ...['run', file, '-t', pattern, '--config', config, '--reporter=json', `--outputFile=${outputFile}`],
    ],
    { cwd: root, env: { ...process.env, PLANTROOM_MUTATION: String(number) }, stdio: 'ignore' },
  );
  await new Promise((resolve) => child.once('close', resolve));
  const report = JSON.parse(readFileSync(outputFile, 'utf8')) as Report;
  const result = report.testResults.flatMap(({ assertionResults }) => assertionResults).find((r) => r.title === title);
  if (result === undefined || (result.status !== 'passed' && result.status !== 'failed')) {
    const { message } = report.testResults[0] ?? {};
    throw new Error(`${file}: "${title}" did not run: ${message ?? 'no result'}`);
  }
  if (result.status === 'passed') return undefined;
  return result.failureMessages[0]?.split('\n')[0] ?? 'failed';
}

function row(mutation: Mutation, said: string | undefined): string {
  const verdict = said === undefined ? 'NOT NOTICED' : 'noticed';
  const change = `${JSON.stringify(mutation.from.trim())} -> ${JSON.stringify(mutation.to)}`;
  return `${verdict.padEnd(12)} ${mutation.test.padEnd(4)} ${mutation.requirement}\n${' '.repeat(18)}${change}\n${' '.repeat(18)}${said ?? ''}`;
}

let unnoticed = 0;
const waiting = mutations.map((mutation, number) => ({ mutation, number }));
async function work(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const test = tests.get(next.mutation.test);
    if (test === undefined) throw new Error(`docs/sparkplug.md has no test ${next.mutation.test}`);
    const said = await run(next.number, test);
    if (said === undefined) unnoticed += 1;
    process.stdout.write(`${row(next.mutation, said)}\n`);
  }
}
const beganMs = performance.now();
await Promise.all([work(), work()]);
rmSync(folder, { recursive: true, force: true });
const seconds = Math.round((performance.now() - beganMs) / 1000);
process.stdout.write(`\n${mutations.length - unnoticed} of ${mutations.length} mutations noticed, ${seconds} s\n`);
process.exitCode = unnoticed === 0 ? 0 : 1;
