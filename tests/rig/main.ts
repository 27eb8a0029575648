import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { VirtualClock } from '@plantroom/contracts';
import { portsOf } from './ports.ts';
import { broken, evidence, recoveryLine, spell, table } from './report.ts';
import { runRig } from './run-rig.ts';
import { fullRig, misbehavingAtOnce, rigSpec, withoutControls } from './spec.ts';

/** `npm run rig`: the real gateway against devices that misbehave, everything that it stores held against what they served. */
const usage =
  'usage: npm run rig -- [--minutes 10] [--seed 1] [--period 1000] [--timeout 500] [--devices 50] [--virtual] [--out FOLDER] [--verbose]';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    period: { type: 'string', default: '1000' },
    timeout: { type: 'string', default: '500' },
    devices: { type: 'string', default: '50' },
    out: { type: 'string' },
    virtual: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const [minutes, seed, periodMs, timeoutMs, counted] = [
  values.minutes,
  values.seed,
  values.period,
  values.timeout,
  values.devices,
].map(Number);
/** More, and the ids of the devices no longer fit into their registers. */
const mostCounted = 50;

if (values.help) {
  say(usage);
} else if (
  !(
    minutes! > 0 &&
    Number.isInteger(seed) &&
    periodMs! >= 100 &&
    timeoutMs! >= 100 &&
    counted! >= 3 &&
    counted! <= mostCounted
  )
) {
  say(
    `minutes above 0, a whole seed, period and timeout of at least 100 ms, 3 to ${mostCounted} devices are wanted\n${usage}`,
  );
  process.exitCode = 2;
} else {
  process.exitCode = await run({
    minutes: minutes!,
    seed: seed!,
    periodMs: periodMs!,
    timeoutMs: timeoutMs!,
    counted: counted!,
  });
}

interface Wanted {
  minutes: number;
  seed: number;
  periodMs: number;
  timeoutMs: number;
  counted: number;
}

async function run({ minutes, seed, periodMs, timeoutMs, counted }: Wanted): Promise<number> {
  const folder = values.out ?? mkdtempSync(join(tmpdir(), 'plantroom-rig-'));
  // What an earlier run left in its outbox would be stored now, and nobody has served it.
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    say(`--out ${folder}: this folder is not empty; a run needs one of its own`);
    return 2;
  }
  const freePort = portsOf(process.pid);
  const spec = await rigSpec(values.virtual ? withoutControls(fullRig(counted)) : fullRig(counted), {
    periodMs,
    timeoutMs,
    freePort,
  });
  const devices = spec.lines.reduce((sum, line) => sum + line.devices.length, 0);
  say(
    `${devices} devices on ${spec.lines.length} lines, polled every ${periodMs} ms, time-out ${timeoutMs} ms, ${minutes} min, seed ${seed}`,
  );
  say(`truth, gateway file and log: ${folder}\n`);
  const forMs = minutes * 60_000;
  const result = await runRig({
    spec,
    seed,
    folder,
    storePort: await freePort(),
    forMs,
    ...(values.virtual ? { virtual: new VirtualClock(Date.now()) } : {}),
    // The longest is a twentieth of the run, so that each track meets some faults at least.
    lengths: [2, 3, 5, 5, 8, 12, 30].filter((polls) => polls <= Math.max(5, forMs / periodMs / 20)),
    restPolls: 3,
    startMs: 600_000,
    patienceMs: 90 * Math.max(1000, periodMs),
    atOnce: misbehavingAtOnce,
    onInjection: (injection) => {
      if (values.verbose) say(spell(injection, periodMs));
    },
  });
  say(table(result, periodMs));
  say(
    `\n${result.served} answers with values served, ${result.stored} values stored, ${result.wrong.length} of them wrong`,
  );
  say(recoveryLine(result, periodMs));
  const { allMs, longestMs } = result.stoodStill;
  say(
    `this process stood still for ${(allMs / 1000).toFixed(1)} s in all, ${(longestMs / 1000).toFixed(1)} s at a time; ${result.passedOver} requests were not answered for it`,
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
