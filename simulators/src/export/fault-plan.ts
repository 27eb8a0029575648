import { type Problem, ProblemsError } from '@plantroom/contracts';
import { parseDuration } from '@plantroom/device-profiles';
import Type, { type Static } from 'typebox';
import { readYaml } from '../read-yaml.ts';
import type { PlannedFault } from './export-period.ts';

export const Duration = Type.String({
  pattern: '^\\d+(\\.\\d+)?(ms|s|min|h|d)$',
  description: 'a time such as 500ms, 10s, 5min, 2h or 7d',
});
/** Something of the catalogue that befalls an equipment, with times from the beginning of what it is part of. */
export const Occurrence = Type.Object(
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
  { additionalProperties: false },
);
export type Occurrence = Static<typeof Occurrence>;
const Occurrences = Type.Array(Occurrence);
/** Of a scenario file these two are read, and the rest is left to its runner. */
const FaultPlan = Type.Object({ faults: Type.Optional(Occurrences), activities: Type.Optional(Occurrences) });

/** Faults and activities of a plan or a scenario. Throws EXPORT_INVALID with every fault: path, value and what is allowed. */
export function readFaultPlan(file: string): PlannedFault[] {
  const { data, problem } = readYaml(file, FaultPlan, 'EXPORT_INVALID');
  const problems: Problem[] = [];
  const planned: PlannedFault[] = [];
  for (const list of ['faults', 'activities'] as const)
    (data[list] ?? []).forEach(({ at, until, ramp, ...request }, i) => {
      const atMs = parseDuration(at);
      if (until !== undefined && parseDuration(until) <= atMs)
        problems.push(problem([list, i, 'until'], `is ${until}; allowed: later than ${at}`));
      planned.push({
        ...request,
        atMs,
        ...(ramp === undefined ? {} : { rampS: parseDuration(ramp) / 1000 }),
        ...(until === undefined ? {} : { untilMs: parseDuration(until) }),
      });
    });
  if (problems.length > 0) throw new ProblemsError('EXPORT_INVALID', problems);
  return planned;
}
