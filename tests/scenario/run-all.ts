import { type Problem, ProblemsError } from '@plantroom/contracts';
import { parseDuration } from '@plantroom/device-profiles';
import { type DemoPlant, demoPlant } from './file/demo-plant.ts';
import { readScenario } from './file/scenario-file.ts';
import type { Scenario } from './file/schema.ts';
import { clock } from './judge.ts';
import { runMutations, uncoveredRules } from './mutations.ts';
import { type ScenarioOptions, scenarioPath } from './options.ts';
import { type PlayedJob, playInPool } from './pool.ts';
import { writeOutput } from './report/write-output.ts';

/** Answers the exit code. Throws before anything is played when a file or an option is wrong, with all that is wrong. */
export async function runAll(options: ScenarioOptions, say: (line: string) => void): Promise<number> {
  const plant = await demoPlant();
  const scenarios = checkAll(options, plant);
  if (options.uncovered) {
    for (const rule of uncoveredRules(options.names, plant)) say(rule);
    return 0;
  }
  if (options.mutations) return runMutations(options, { plant, say });
  const began = performance.now();
  const done: PlayedJob[] = [];
  await playInPool(
    longestFirst(scenarios).map(({ scenario: name, segments }) => ({
      name,
      disabled: options.disabled,
      wire: options.wire,
      // Real time cannot be played beforehand.
      segments: options.wire ? 1 : segments,
    })),
    {
      size: options.jobs,
      played(one) {
        done.push(one);
        for (const line of describe(one)) say(line);
      },
    },
  );
  done.sort((a, b) => a.name.localeCompare(b.name));
  if (options.out !== undefined) say(`report: ${writeOutput(options.out, done, plant)}`);
  const failed = done.filter((one) => 'error' in one || one.result.complaints.length > 0).length;
  const simulatedMs = done.reduce((sum, one) => sum + ('result' in one ? one.result.simulatedMs : 0), 0);
  const verdict = failed === 0 ? 'every scenario came out as it was to' : `${failed} did not come out as they were to`;
  say(
    `${done.length} scenarios, ${clock(simulatedMs)} in ${((performance.now() - began) / 1000).toFixed(1)} s: ${verdict}`,
  );
  return done.some((one) => 'error' in one) ? 2 : failed === 0 ? 0 : 1;
}

/** So that no long one is left at the end for one process, while the others have nothing to do. Pure. */
export function longestFirst<Timed extends Pick<Scenario, 'duration' | 'segments'>>(
  scenarios: readonly Timed[],
): Timed[] {
  const lengthMs = ({ duration, segments = 1 }: Timed): number => parseDuration(duration) / segments;
  return [...scenarios].sort((a, b) => lengthMs(b) - lengthMs(a));
}

function checkAll({ names, disabled }: ScenarioOptions, plant: DemoPlant): Scenario[] {
  const scenarios: Scenario[] = [];
  const problems: Problem[] = [];
  for (const name of names) {
    try {
      scenarios.push(readScenario(scenarioPath(name), plant));
    } catch (error) {
      if (!(error instanceof ProblemsError)) throw error;
      problems.push(...error.problems);
    }
  }
  const rules = new Set([...plant.alarms.values()].map(({ rule }) => rule));
  const allowed = `an alarm of the demo building (equipment/point#rule), or a rule: ${[...rules].sort().join(', ')}`;
  for (const one of disabled)
    if (!plant.alarms.has(one) && !rules.has(one))
      problems.push({ source: '--disable', path: '', message: `is "${one}"; allowed: ${allowed}` });
  if (problems.length > 0) throw new ProblemsError('SCENARIO_INVALID', problems);
  return scenarios;
}

/** What the command line says of one. Pure. */
export function describe(done: PlayedJob): string[] {
  if ('error' in done) return [`FAIL ${done.name}: ${done.error}`];
  const { scenario, alarms, orders, told, complaints, leadMs, simulatedMs, wallMs, cpuMs, falseAlarms, falseOrders } =
    done.result;
  const { expect, segments = 1 } = scenario;
  const leads = [...leadMs].map(([fault, ms]) => `${fault} told after ${(ms / 1000).toFixed(1)} s`);
  return [
    [
      `${complaints.length === 0 ? 'ok  ' : 'FAIL'} ${scenario.scenario.padEnd(28)}`,
      `${clock(simulatedMs)} in ${(wallMs / 1000).toFixed(1)} s (CPU ${(cpuMs / 1000).toFixed(1)} s)`,
      `alarms ${alarms.length} of ${expect.alarms.length}`,
      `orders ${orders.length} of ${expect.orders.length}`,
      `told ${told.length}`,
      `false ${falseAlarms + falseOrders}`,
      ...(segments === 1 ? [] : [`played in ${segments} segments`]),
      ...leads,
    ].join('  '),
    ...complaints.map((complaint) => `     ${complaint}`),
  ];
}
