import { readFileSync } from 'node:fs';
import { errorMessage, type Problem, ProblemsError } from '@plantroom/contracts';
import { parseDuration } from '@plantroom/device-profiles';
import Type from 'typebox';
import { Check, Errors } from 'typebox/value';
import { parse } from 'yaml';
import type { PlannedFault } from './export-period.ts';

const Duration = Type.String({ pattern: '^\\d+(\\.\\d+)?(ms|s|min|h|d)$' });
const Occurrences = Type.Array(
  Type.Object(
    {
      at: Duration,
      equipment: Type.String(),
      fault: Type.String(),
      point: Type.Optional(Type.String()),
      severity: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1 })),
      ramp: Type.Optional(Duration),
      until: Type.Optional(Duration),
    },
    { additionalProperties: false },
  ),
);
/** Of a scenario file these two are read, and the rest is left to its runner. */
const FaultPlan = Type.Object({ faults: Type.Optional(Occurrences), activities: Type.Optional(Occurrences) });

/** Faults and activities of a plan or a scenario. Throws EXPORT_INVALID with every fault: path, value and what is allowed. */
export function readFaultPlan(file: string): PlannedFault[] {
  const problem = (path: string, message: string): Problem => ({ source: file, path, message });
  let data: unknown;
  try {
    data = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ProblemsError('EXPORT_INVALID', [problem('', errorMessage(error))]);
  }
  if (!Check(FaultPlan, data))
    throw new ProblemsError(
      'EXPORT_INVALID',
      Errors(FaultPlan, data).map(({ instancePath, message }) => problem(instancePath, message)),
    );
  return [...(data.faults ?? []), ...(data.activities ?? [])].map(({ at, until, ramp, ...request }) => ({
    ...request,
    atMs: parseDuration(at),
    ...(ramp === undefined ? {} : { rampS: parseDuration(ramp) / 1000 }),
    ...(until === undefined ? {} : { untilMs: parseDuration(until) }),
  }));
}
