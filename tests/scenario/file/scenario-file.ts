import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Problem, ProblemsError } from '@plantroom/contracts';
import { Check, Errors } from 'typebox/value';
import { parse } from 'yaml';
import { checkScenario } from './check-scenario.ts';
import type { DemoPlant } from './demo-plant.ts';
import { type Scenario, ScenarioFile } from './schema.ts';

/** Throws SCENARIO_INVALID with every fault: path, value and what is allowed. */
export function readScenario(file: string, plant: DemoPlant): Scenario {
  const problem = (path: string, message: string): Problem => ({ source: file, path, message });
  let data: unknown;
  try {
    data = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ProblemsError('SCENARIO_INVALID', [problem('', error instanceof Error ? error.message : String(error))]);
  }
  if (!Check(ScenarioFile, data)) throw new ProblemsError('SCENARIO_INVALID', shapeProblems(data, problem));
  const problems = checkScenario(data, plant).map(({ path, message }) => problem(path, message));
  const name = basename(file, '.yaml');
  if (data.scenario !== name) problems.push(problem('/scenario', `is "${data.scenario}"; the file is ${name}.yaml`));
  if (problems.length > 0) throw new ProblemsError('SCENARIO_INVALID', problems);
  return data;
}

function shapeProblems(data: unknown, problem: (path: string, message: string) => Problem): Problem[] {
  const told = new Map<string, Problem>();
  for (const { instancePath, keyword, message, params } of Errors(ScenarioFile, data)) {
    // That nothing of a union fits says less than why each of it does not.
    if (keyword === 'anyOf' && told.size > 0) continue;
    const names = (list: unknown): string => (Array.isArray(list) ? list.join(', ') : String(list));
    const detail =
      'additionalProperties' in params
        ? `: ${names(params.additionalProperties)}`
        : 'requiredProperties' in params
          ? `: ${names(params.requiredProperties)}`
          : 'allowedValue' in params
            ? `: allowed is ${JSON.stringify(params.allowedValue)}`
            : 'pattern' in params
              ? '; allowed is a time such as 500ms, 10s, 5min, 2h or 7d'
              : '';
    const value = valueAt(data, instancePath);
    const is = typeof value === 'object' ? '' : `is ${JSON.stringify(value)}: `;
    const text = `${is}${message}${detail}`;
    told.set(`${instancePath} ${text}`, problem(instancePath, text));
  }
  return [...told.values()];
}

function valueAt(data: unknown, pointer: string): unknown {
  let at: unknown = data;
  for (const key of pointer.split('/').slice(1))
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined;
  return at;
}
