import type { Problem } from '@plantroom/contracts';
import type { TSchema } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import Schema from 'typebox/schema';
import { Settings } from 'typebox/system';
import { notAllowed } from './nearest.ts';
import type { YamlFile } from './yaml-file.ts';

type SchemaError = TLocalizedValidationError;
const unionStep = /\/(anyOf|oneOf)\/(\d+)(?=\/|$)/;

/** Every fault of the file against the schema, in words, with the value found and the values allowed. */
export function schemaProblems(schema: TSchema, file: YamlFile): Problem[] {
  return describe(allErrors(schema, file.value), file);
}

/** TypeBox stops at eight errors unless told; the setting is global, so it is put back. */
function allErrors(schema: TSchema, value: unknown): SchemaError[] {
  const { maxErrors } = Settings.Get();
  Settings.Set({ maxErrors: 1000 });
  try {
    return Schema.Errors(schema, value)[1];
  } finally {
    Settings.Set({ maxErrors });
  }
}

function describe(errors: readonly SchemaError[], file: YamlFile): Problem[] {
  const problems: Problem[] = [];
  const unions = new Map<string, SchemaError[]>();
  for (const error of errors) {
    const union = unionStep.exec(error.schemaPath);
    if (union) {
      const at = error.schemaPath.slice(0, union.index);
      const depth = steps(error.instancePath).length;
      const key = `${at}\n${unionInstance(error, errors, at)}`;
      if (depth >= 0) unions.set(key, [...(unions.get(key) ?? []), error]);
    } else if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') {
      problems.push(...describeOne(error, file));
    }
  }
  for (const [key, group] of unions) {
    const [at = '', instance = ''] = key.split('\n');
    if (errors.some((e) => e.schemaPath === at && e.instancePath === instance && e.keyword === 'anyOf')) {
      problems.push(...describeUnion(group, at, instance, file));
    }
  }
  return problems;
}

/** The value that the union as a whole was held against: the longest failed union path above this error. */
function unionInstance(error: SchemaError, errors: readonly SchemaError[], at: string): string {
  let found = '';
  for (const other of errors) {
    if (other.keyword !== 'anyOf' || other.schemaPath !== at) continue;
    const above = error.instancePath === other.instancePath || error.instancePath.startsWith(`${other.instancePath}/`);
    if (above && other.instancePath.length >= found.length) found = other.instancePath;
  }
  return found;
}

/** Only the branch that the author meant is described: the one whose constants fit, else the one with the fewest faults. */
function describeUnion(group: readonly SchemaError[], at: string, instance: string, file: YamlFile): Problem[] {
  const branches = new Map<string, SchemaError[]>();
  for (const error of group) {
    const branch = unionStep.exec(error.schemaPath.slice(at.length))?.[2] ?? '0';
    branches.set(branch, [...(branches.get(branch) ?? []), error]);
  }
  const all = [...branches.values()];
  const constants = group.filter((e) => e.keyword === 'const');
  const meant = all.filter((branch) => !branch.some((e) => e.keyword === 'const'));
  if (meant.length === 0 && constants.length > 0) {
    const path = steps(constants[0]?.instancePath ?? instance);
    const allowed = constants.map((e) => (e.keyword === 'const' ? String(e.params.allowedValue) : ''));
    return [file.problem(path, notAllowed(valueAt(file.value, path), 'known here', allowed))];
  }
  const scalars = meant.every((branch) => branch.every((e) => e.keyword === 'type' || e.keyword === 'pattern'));
  const whole = meant.every((branch) => branch.every((e) => e.instancePath === instance));
  if (scalars && whole && meant.length > 1) {
    const path = steps(instance);
    const ways = [...new Set(group.map((e) => e.message.replace(/^must /, '')))].join(' or ');
    return [file.problem(path, `${show(valueAt(file.value, path))} must ${ways}`)];
  }
  const fewest = meant.reduce((a, b) => (weight(b) < weight(a) ? b : a), meant[0] ?? []);
  return describe(
    fewest.map((e) => ({ ...e, schemaPath: e.schemaPath.slice(at.length).replace(unionStep, '') })),
    file,
  );
}

const weight = (branch: readonly SchemaError[]) => branch.filter((e) => e.keyword !== 'boolean').length;

function describeOne(error: SchemaError, file: YamlFile): Problem[] {
  const path = steps(error.instancePath);
  const found = valueAt(file.value, path);
  switch (error.keyword) {
    // The same fault comes again as additionalProperties, with the name.
    case 'boolean':
      return [];
    case 'additionalProperties':
      return error.params.additionalProperties.map((name) =>
        file.problem([...path, name], `"${name}" is not a known setting here`),
      );
    case 'required':
      return error.params.requiredProperties.map((name) => file.problem(path, `"${name}" is missing`));
    case 'enum':
      return [file.problem(path, notAllowed(found, 'allowed', error.params.allowedValues.map(String)))];
    case 'const':
      return [file.problem(path, notAllowed(found, 'allowed', [String(error.params.allowedValue)]))];
    default:
      return [file.problem(path, `${show(found)} ${error.message}`)];
  }
}

function steps(instancePath: string): string[] {
  return instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string, unknown>)[step];
  }
  return at;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
