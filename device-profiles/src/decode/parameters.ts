import type { Problem } from '@plantroom/contracts';
import { notAllowed } from '../nearest.ts';
import { expandNumberList } from '../number-list.ts';
import type { ProfileParameter } from '../profile-schema.ts';

export type ParameterValue = string | number | readonly number[];
export type ParameterValues = Readonly<Record<string, ParameterValue>>;

/** Given values and defaults against the declaration; what is wrong goes to `problems`, and then there is no result. */
export function resolveParameters(
  declared: Readonly<Record<string, ProfileParameter>> | undefined,
  given: ParameterValues | undefined,
  report: { source: string; path: string; problems: Problem[] },
): ParameterValues | undefined {
  const resolved: Record<string, ParameterValue> = {};
  const before = report.problems.length;
  const say = (name: string, message: string) =>
    report.problems.push({ source: report.source, path: `${report.path}/${name}`, message });
  const known = declared ?? {};
  for (const name of Object.keys(given ?? {})) {
    if (!known[name]) say(name, notAllowed(name, 'a parameter of this profile.', Object.keys(known)));
  }
  for (const [name, parameter] of Object.entries(known)) {
    const value = given?.[name] ?? defaultOf(parameter);
    if (value === undefined) {
      say(name, `parameter "${name}" (${parameter.name.en}) must be given, a ${parameter.kind}`);
      continue;
    }
    const fault = faultOf(value, parameter);
    if (fault === undefined) resolved[name] = value;
    else say(name, fault);
  }
  return report.problems.length === before ? resolved : undefined;
}

function defaultOf(parameter: ProfileParameter): ParameterValue | undefined {
  return Array.isArray(parameter.default) ? expandNumberList(parameter.default) : parameter.default;
}

function faultOf(value: ParameterValue, parameter: ProfileParameter): string | undefined {
  const kind = Array.isArray(value) ? 'number-list' : typeof value;
  if (kind !== parameter.kind) return `${JSON.stringify(value)} is not a ${parameter.kind}`;
  const { min = -Infinity, max = Infinity } = parameter;
  const numbers: readonly unknown[] = Array.isArray(value) ? value : typeof value === 'number' ? [value] : [];
  const wrong = numbers.find((n) => typeof n !== 'number' || !Number.isFinite(n) || n < min || n > max);
  return wrong === undefined ? undefined : `${JSON.stringify(wrong)} is not a number from ${min} to ${max}`;
}
