import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { portsOf } from './ports.ts';
import { broken, evidence, spell, table } from './report.ts';
import { runRig } from './run-rig.ts';
import { fullRig, rigSpec } from './spec.ts';

/** `npm run rig`: the real gateway against devices that misbehave, everything that it stores held against what they served. */
const usage =
  'usage: npm run rig -- [--minutes 10] [--seed 1] [--period 1000] [--timeout 500] [--out FOLDER] [--verbose]';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    period: { type: 'string', default: '1000' },
    timeout: { type: 'string', default: '500' },
    out: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const [minutes, seed, periodMs, timeoutMs] = [values.minutes, values.seed, values.period, values.timeout].map(Number);

if (values.help) {
  say(usage);
} else if (!(minutes! > 0 && Number.isInteger(seed) && periodMs! >= 100 && timeoutMs! >= 100)) {
  say(`minutes above 0, a whole seed, period and timeout of at least 100 ms are wanted\n${usage}`);
  process.exitCode = 2;
} else {
  process.exitCode = await run({ minutes: minutes!, seed: seed!, periodMs: periodMs!, timeoutMs: timeoutMs! });
}

async function run(options: { minutes: number; seed: number; periodMs: number; timeoutMs: number }): Promise<number> {
  const { minutes, seed, periodMs, timeoutMs } = options;
  const folder = values.out ?? mkdtempSync(join(tmpdir(), 'plantroom-rig-'));
  const freePort = portsOf(process.pid);
  const spec = await rigSpec(fullRig, { periodMs, timeoutMs, freePort });
  const devices = spec.lines.reduce((sum, line) => sum + line.devices.length, 0);
  say(
    `${devices} devices on ${spec.lines.length} lines, polled every ${periodMs} ms, time-out ${timeoutMs} ms, ${minutes} min, seed ${seed}`,
  );
  say(`truth, gateway file and log: ${folder}\n`);
  const result = await runRig({
    spec,
    seed,
    folder,
    storePort: await freePort(),
    forMs: minutes * 60_000,
    lengths: [2, 3, 5, 5, 8, 12, 30],
    patienceMs: 90_000,
    atOnce: 2,
    onInjection: (injection) => {
      if (values.verbose) say(spell(injection, periodMs));
    },
  });
  say(table(result, periodMs));
  say(
    `\n${result.served} answers with values served, ${result.stored} values stored, ${result.wrong.length} of them wrong`,
  );
  const complaints = broken(result, periodMs);
  if (complaints.length === 0) {
    say('everything that was promised was kept');
    return 0;
  }
  say(`\nnot kept:\n${complaints.map((text) => `  ${text}`).join('\n')}`);
  if (result.wrong.length > 0) say(`\nwrong values (all of them in wrong.jsonl):\n${evidence(result)}`);
  return 1;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
