import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '@plantroom/contracts';
import { portsOf } from '../rig/ports.ts';
import { broken, table } from './report.ts';
import { runChaos } from './run-chaos.ts';

/** `npm run chaos`: everything is killed, cut and held up; then the devices' accounts are held against the databases. */
const usage =
  'usage: npm run chaos -- [--historian duckdb|influxdb] [--broker embedded|mosquitto] [--events 120] [--points-per-second 5000] [--seed 1] [--out FOLDER] [--verbose]';
const historians = ['duckdb', 'influxdb'] as const;
const brokers = ['embedded', 'mosquitto'] as const;
const patienceMs = 300_000;
const mostPointsPerSecond = 20_000;

const { values } = parseArgs({
  options: {
    historian: { type: 'string', default: 'duckdb' },
    broker: { type: 'string', default: 'embedded' },
    events: { type: 'string', default: '120' },
    'points-per-second': { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.exitCode = await run();

async function run(): Promise<number> {
  if (values.help) {
    say(usage);
    return 0;
  }
  const historian = historians.find((name) => name === values.historian);
  const broker = brokers.find((name) => name === values.broker);
  const [events, pointsPerSecond, seed] = [values.events, values['points-per-second'], values.seed].map(Number);
  const problems = [
    historian === undefined ? `--historian is "${values.historian}"; allowed: ${historians.join(', ')}` : '',
    broker === undefined ? `--broker is "${values.broker}"; allowed: ${brokers.join(', ')}` : '',
    isWhole(events, 1, 10_000) ? '' : `--events is "${values.events}"; allowed: 1 to 10000`,
    isWhole(pointsPerSecond, 1, mostPointsPerSecond)
      ? ''
      : `--points-per-second is "${values['points-per-second']}"; allowed: 1 to ${mostPointsPerSecond}`,
    isWhole(seed, 0, 0xffff_ffff) ? '' : `--seed is "${values.seed}"; allowed: a whole number from 0`,
  ].filter((problem) => problem !== '');
  const folder = values.out ?? mkdtempSync(join(tmpdir(), 'plantroom-chaos-'));
  // What an earlier run left would be stored, and nobody has given it out.
  if (existsSync(folder) && readdirSync(folder).length > 0)
    problems.push(`--out is "${folder}", which is not empty; a run needs a folder of its own`);
  if (problems.length > 0 || historian === undefined || broker === undefined) {
    say(`${problems.join('\n')}\n${usage}`);
    return 2;
  }
  say(`databases, logs, events.log and result.json: ${folder}\n`);
  const beganMs = systemClock.monotonicMs();
  const log: string[] = [];
  const result = await runChaos({
    folder,
    historian,
    broker,
    events: events ?? 0,
    pointsPerSecond: pointsPerSecond ?? 0,
    seed: seed ?? 0,
    patienceMs,
    freePort: portsOf(process.pid),
    clock: systemClock,
    onBegin(what) {
      const line = `${new Date().toISOString()} ${((systemClock.monotonicMs() - beganMs) / 1000).toFixed(1)} s ${what}`;
      log.push(line);
      if (values.verbose) say(line);
    },
  });
  const complaints = broken(result);
  writeFileSync(join(folder, 'events.log'), `${log.join('\n')}\n`);
  writeFileSync(join(folder, 'result.json'), `${JSON.stringify({ ...result, complaints }, undefined, 2)}\n`);
  say(table(result));
  if (complaints.length === 0) {
    say('\neverything that was promised was kept');
    return 0;
  }
  say(`\nnot kept:\n${[...complaints, ...result.ledger.examples].map((text) => `  ${text}`).join('\n')}`);
  return 1;
}

function isWhole(value: number | undefined, from: number, to: number): boolean {
  return value !== undefined && Number.isInteger(value) && value >= from && value <= to;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
