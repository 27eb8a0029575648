import { parseDuration } from '@plantroom/device-profiles';
import type { DemoPlant } from './file/demo-plant.ts';
import { readScenario } from './file/scenario-file.ts';
import { type ScenarioOptions, scenarioPath } from './options.ts';
import { type PlayJob, playInPool } from './pool.ts';

/** Rule → the scenarios that expect an alarm of it. Pure. */
export function scenariosByRule(
  scenarios: readonly { name: string; alarms: readonly string[] }[],
  { alarms }: Pick<DemoPlant, 'alarms'>,
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { rule } of alarms.values()) found.set(rule, []);
  for (const { name, alarms: expected } of scenarios)
    for (const rule of new Set(expected.map((id) => alarms.get(id)?.rule)))
      if (rule !== undefined) found.get(rule)?.push(name);
  return found;
}

interface Expecting {
  name: string;
  alarms: string[];
  durationMs: number;
  segments: number;
}

/** The shortest first. */
function expectations(names: readonly string[], plant: DemoPlant): Expecting[] {
  const all = names.map((name) => {
    const { expect, duration, segments = 1 } = readScenario(scenarioPath(name), plant);
    return { name, alarms: expect.alarms.map(({ alarm }) => alarm), durationMs: parseDuration(duration), segments };
  });
  return all.sort((a, b) => a.durationMs - b.durationMs);
}

/** Rules that the demo building can raise and no scenario expects, in order. */
export function uncoveredRules(names: readonly string[], plant: DemoPlant): string[] {
  return [...scenariosByRule(expectations(names, plant), plant)]
    .filter(([, candidates]) => candidates.length === 0)
    .map(([rule]) => rule)
    .sort();
}

/** Switches off one rule after the other; a scenario that expects an alarm of it has to fail, the shortest that does is enough. */
export async function runMutations(
  { names, jobs }: ScenarioOptions,
  { plant, say }: { plant: DemoPlant; say: (line: string) => void },
): Promise<number> {
  const scenarios = expectations(names, plant);
  const segments = new Map(scenarios.map((one) => [one.name, one.segments]));
  const byRule = scenariosByRule(scenarios, plant);
  const survived: string[] = [];
  let round = [...byRule].flatMap(([rule, candidates]) =>
    candidates.length === 0 ? [] : [{ rule, candidates: [...candidates] }],
  );
  while (round.length > 0) {
    const played = new Map<string, (typeof round)[number]>();
    const list: PlayJob[] = round.map((one) => {
      played.set(one.rule, one);
      const name = one.candidates.shift() ?? '';
      return { name, disabled: [one.rule], wire: false, segments: segments.get(name) };
    });
    const again: typeof round = [];
    await playInPool(list, {
      size: jobs,
      played(done, job) {
        const [rule = ''] = job.disabled;
        const isNoticed = 'result' in done && done.result.complaints.length > 0;
        say(
          `${isNoticed ? 'noticed ' : 'NOT     '} ${rule} by ${done.name}${'error' in done ? `: ${done.error}` : ''}`,
        );
        const one = played.get(rule);
        if (isNoticed || one === undefined) return;
        if (one.candidates.length > 0) again.push(one);
        else survived.push(rule);
      },
    });
    round = again;
  }
  const uncovered = uncoveredRules(names, plant);
  const tested = byRule.size - uncovered.length;
  say(`${tested - survived.length} of ${tested} rules are missed by a scenario when they are off`);
  if (uncovered.length > 0) say(`${uncovered.length} rules are expected by none of these scenarios`);
  for (const rule of survived) say(`nothing fails without ${rule}`);
  return survived.length === 0 ? 0 : 1;
}
