import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { LocalText, type Problem, ProblemsError } from '@plantroom/contracts';
import { parseDuration } from '@plantroom/device-profiles';
import Type, { type Static } from 'typebox';
import { Check, Errors } from 'typebox/value';
import { parse } from 'yaml';
import { faultCatalogue } from '../../simulators/src/faults/catalogue.ts';

const closed = { additionalProperties: false };
const Duration = Type.String({ pattern: '^\\d+(\\.\\d+)?(ms|s|min|h|d)$' });

const ExpectedAlarm = Type.Object(
  {
    /** `<equipment>/<point>#<rule>`, or the device or gateway with `#offline`, without the site. */
    alarm: Type.String({ minLength: 1 }),
    /** Since the start of the scenario, by wire time of the activation. */
    after: Duration,
    before: Duration,
    /** When it has to return; left out: it must not. */
    returns: Type.Optional(Type.Object({ after: Duration, before: Duration }, closed)),
  },
  closed,
);

const ExpectedOrder = Type.Object({ equipment: Type.String(), failureMode: Type.String(), before: Duration }, closed);

/** Something of the simulators' catalogue. */
const Occurrence = Type.Object(
  {
    at: Duration,
    equipment: Type.String(),
    fault: Type.String(),
    /** Of the faults that befall one point. */
    point: Type.Optional(Type.String()),
    severity: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1 })),
    ramp: Type.Optional(Duration),
    /** Left out: to the end. */
    until: Type.Optional(Duration),
  },
  closed,
);
type Occurrence = Static<typeof Occurrence>;

const ScenarioFile = Type.Object(
  {
    scenario: Type.String({ minLength: 1 }),
    title: LocalText,
    /** What happens and what must follow, for the report. */
    about: LocalText,
    seed: Type.Integer({ minimum: 0 }),
    /** With offset; the building's calendar follows. */
    start: Type.String({ format: 'date-time' }),
    /** Before the scenario begins, for the model to settle; alarms of this time are faults of the scenario too. */
    settle: Duration,
    duration: Duration,
    faults: Type.Array(Occurrence),
    /** What people do; nothing of it is a fault. */
    activities: Type.Optional(Type.Array(Occurrence)),
    /** All of them, and nothing else. */
    expect: Type.Object({ alarms: Type.Array(ExpectedAlarm), orders: Type.Array(ExpectedOrder) }, closed),
  },
  closed,
);
export type Scenario = Static<typeof ScenarioFile>;
export type ExpectedAlarm = Static<typeof ExpectedAlarm>;
export type ExpectedOrder = Static<typeof ExpectedOrder>;

/** Throws SCENARIO_INVALID with every fault: path, value and what is allowed. */
export function readScenario(file: string): Scenario {
  const problem = (path: string, message: string): Problem => ({ source: file, path, message });
  let data: unknown;
  try {
    data = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ProblemsError('SCENARIO_INVALID', [problem('', error instanceof Error ? error.message : String(error))]);
  }
  if (!Check(ScenarioFile, data))
    throw new ProblemsError(
      'SCENARIO_INVALID',
      Errors(ScenarioFile, data).map(({ instancePath, message }) => problem(instancePath, message)),
    );
  const problems: Problem[] = [];
  const name = basename(file, '.yaml');
  if (data.scenario !== name) problems.push(problem('/scenario', `is "${data.scenario}"; the file is ${name}.yaml`));
  const endMs = parseDuration(data.duration);
  const occurrences = (name: 'faults' | 'activities', list: readonly Occurrence[]): void => {
    list.forEach(({ at, until, fault }, i) => {
      const isActivity = faultCatalogue.find(({ id }) => id === fault)?.kind === 'activity';
      if (isActivity !== (name === 'activities')) {
        const allowed = faultCatalogue.filter(({ kind }) => (kind === 'activity') === (name === 'activities'));
        const ids = allowed.map(({ id }) => id).join(', ');
        problems.push(problem(`/${name}/${i}/fault`, `is "${fault}"; allowed: ${ids}`));
      }
      if (parseDuration(at) >= endMs)
        problems.push(problem(`/${name}/${i}/at`, `is ${at}; the scenario ends at ${data.duration}`));
      if (until !== undefined && parseDuration(until) <= parseDuration(at))
        problems.push(problem(`/${name}/${i}/until`, `is ${until}; allowed is later than ${at}`));
    });
  };
  occurrences('faults', data.faults);
  occurrences('activities', data.activities ?? []);
  data.expect.alarms.forEach(({ after, before }, i) => {
    if (parseDuration(before) <= parseDuration(after))
      problems.push(problem(`/expect/alarms/${i}/before`, `is ${before}; allowed is later than ${after}`));
  });
  if (problems.length > 0) throw new ProblemsError('SCENARIO_INVALID', problems);
  return data;
}
