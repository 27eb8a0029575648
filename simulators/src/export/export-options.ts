import { parseArgs } from 'node:util';
import { errorMessage, PlantroomError } from '@plantroom/contracts';
import { parseDuration } from '@plantroom/device-profiles';
import { mostSeed } from '../environment.ts';
import { motionStepMs } from '../model/building-runner.ts';

export interface ExportSettings {
  fromMs: number;
  durationMs: number;
  everyMs: number;
  seed: number;
  out: string;
  /** File with faults; left out: a healthy period. */
  plan?: string;
  /** `EQUIPMENT/POINT` or `EQUIPMENT`; empty: everything. */
  points: string[];
}

const usage =
  'export --from TIME --for DURATION --out FOLDER [--every 60s] [--faults PLAN.yaml | --scenario FILE.yaml] [--points EQUIPMENT[/POINT]]… [--seed N]';

/** Throws USAGE with the option, its value and what is allowed. */
export function parseExport(words: readonly string[], seed: number): ExportSettings {
  const { values } = parse(words);
  const wrong = (option: string, value: unknown, allowed: string): PlantroomError =>
    new PlantroomError('USAGE', `--${option} is "${value ?? ''}"; allowed: ${allowed}; usage: ${usage}`);
  const fromMs = Date.parse(values.from ?? '');
  if (Number.isNaN(fromMs) || !/(Z|[+-]\d\d:\d\d)$/.test(values.from ?? ''))
    throw wrong('from', values.from, 'a time with offset, such as 2026-07-01T00:00+08:00');
  const duration = (option: 'for' | 'every', fallback?: string): number => {
    const text = values[option] ?? fallback ?? '';
    const ms = /^\d+(\.\d+)?(ms|s|min|h|d)$/.test(text) ? parseDuration(text) : 0;
    if (ms > 0 && ms % motionStepMs === 0) return ms;
    throw wrong(option, values[option], `a duration such as 10min, in steps of ${motionStepMs} ms`);
  };
  if (values.out === undefined) throw wrong('out', undefined, 'a folder');
  if (values.faults !== undefined && values.scenario !== undefined)
    throw new PlantroomError('USAGE', '--faults and --scenario exclude each other');
  const given = values.seed === undefined ? seed : Number(values.seed);
  if (!Number.isInteger(given) || given < 0 || given > mostSeed)
    throw wrong('seed', values.seed, `a whole number from 0 to ${mostSeed}`);
  const plan = values.faults ?? values.scenario;
  return {
    fromMs,
    durationMs: duration('for'),
    everyMs: duration('every', '60s'),
    seed: given,
    out: values.out,
    ...(plan === undefined ? {} : { plan }),
    points: values.points ?? [],
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        from: { type: 'string' },
        for: { type: 'string' },
        every: { type: 'string' },
        out: { type: 'string' },
        faults: { type: 'string' },
        scenario: { type: 'string' },
        points: { type: 'string', multiple: true },
        seed: { type: 'string' },
      },
    });
  } catch (error) {
    throw new PlantroomError('USAGE', `${errorMessage(error)}; usage: ${usage}`, { cause: error });
  }
}
