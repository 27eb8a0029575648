import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { errorMessage, PlantroomError } from '@plantroom/contracts';

const folder = fileURLToPath(new URL('../../simulators/scenarios/', import.meta.url));

export interface ScenarioOptions {
  names: string[];
  /** Ids of alarms, or rules, that are never raised. */
  disabled: string[];
  mutations: boolean;
  /** Only tell the rules that no scenario expects. */
  uncovered: boolean;
  wire: boolean;
  /** For the report and the ground truth; undefined: none is written. */
  out: string | undefined;
  jobs: number;
}

export function scenarioNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
}

export function scenarioPath(name: string): string {
  return join(folder, `${name}.yaml`);
}

export function usage(): string {
  return [
    'usage: npm run scenario -- NAME …|all [--out FOLDER] [--disable ALARM]… [--wire] [--jobs N]',
    '       npm run scenario -- --mutations [NAME …]',
    '       npm run scenario -- --uncovered',
    `scenarios: ${scenarioNames().join(', ')}`,
  ].join('\n');
}

/** Throws SCENARIO_OPTIONS with every fault. */
export function parseOptions(args: readonly string[]): ScenarioOptions {
  const { values, positionals } = parsed(args);
  const faults: string[] = [];
  const known = scenarioNames();
  const all = (values.mutations === true || values.uncovered === true) && positionals.length === 0;
  for (const name of positionals)
    if (name !== 'all' && !known.includes(name)) faults.push(`no scenario "${name}"; there are: ${known.join(', ')}`);
  if (positionals.length === 0 && !all) faults.push('no scenario is named');
  const jobs = Number(values.jobs ?? Math.min(2, availableParallelism()));
  if (!Number.isInteger(jobs) || jobs < 1) faults.push(`--jobs is "${values.jobs}"; allowed: whole numbers from 1 on`);
  if (values.mutations === true && values.disable !== undefined)
    faults.push('--mutations disables one rule after the other; --disable says which: use one of them');
  if (values.mutations === true && values.wire === true)
    faults.push('--mutations would take hours with --wire; use one of them');
  if (faults.length > 0) throw new PlantroomError('SCENARIO_OPTIONS', faults.join('\n'));
  return {
    names: all || positionals.includes('all') ? known : [...new Set(positionals)],
    disabled: values.disable ?? [],
    mutations: values.mutations === true,
    uncovered: values.uncovered === true,
    wire: values.wire === true,
    out: values.out,
    jobs: values.wire === true ? 1 : jobs,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        disable: { type: 'string', multiple: true },
        jobs: { type: 'string' },
        mutations: { type: 'boolean' },
        uncovered: { type: 'boolean' },
        wire: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new PlantroomError('SCENARIO_OPTIONS', errorMessage(error), { cause: error });
  }
}
