import type { TSchema } from 'typebox';
import { Settings } from 'typebox/system';
import Value from 'typebox/value';
import type { ConfigSource } from './config-source.ts';
import { pointerParts } from './fill-environment.ts';

export interface SchemaFault {
  /** JSON pointer within the checked value. */
  pointer: string;
  message: string;
}

type SchemaError = ReturnType<typeof Value.Errors>[number];

/** What is wrong with the value, each fault once, with the value found and what is allowed. */
export function schemaFaults(schema: TSchema, value: unknown): SchemaFault[] {
  const errors = allErrors(schema, value);
  const unions = errors.filter((error) => error.keyword === 'anyOf');
  const faults: SchemaFault[] = [];
  for (const error of errors) {
    const branches = errors.filter((e) => isUnder(e.schemaPath, `${error.schemaPath}/anyOf`));
    if (error.keyword === 'anyOf') faults.push(...unionFaults(error, branches, value));
    else if (!unions.some((union) => isUnder(error.schemaPath, `${union.schemaPath}/anyOf`))) {
      faults.push(...faultsOf(schema, error, value));
    }
  }
  return faults;
}

/**
 * Texts from the environment are texts; where the schema wants a number and the text is one, it becomes one.
 * A text stays a text everywhere else: a password of digits is no number.
 */
export function withNumbersFromEnvironment(
  schema: TSchema,
  value: unknown,
  { source, pointer }: { source: ConfigSource; pointer: string },
): unknown {
  const copy = structuredClone(value);
  for (const error of allErrors(schema, value)) {
    if (error.keyword !== 'type' || !source.filled.has(pointer + error.instancePath)) continue;
    const text = at(value, error.instancePath);
    if (typeof text !== 'string' || !/^-?\d+(\.\d+)?$/.test(text)) continue;
    const parts = pointerParts(error.instancePath);
    const parent = at(copy, error.instancePath.slice(0, error.instancePath.lastIndexOf('/')));
    const key = parts.at(-1);
    if (typeof parent === 'object' && parent !== null && key !== undefined) {
      (parent as Record<string, unknown>)[key] = Number(text);
    }
  }
  return copy;
}

/** TypeBox stops at eight errors unless told; the setting is global, so it is put back. */
function allErrors(schema: TSchema, value: unknown): SchemaError[] {
  const { maxErrors } = Settings.Get();
  Settings.Set({ maxErrors: 10_000 });
  try {
    return Value.Errors(schema, value);
  } finally {
    Settings.Set({ maxErrors });
  }
}

function faultsOf(schema: TSchema, error: SchemaError, value: unknown): SchemaFault[] {
  const pointer = error.instancePath;
  const found = shown(at(value, pointer));
  switch (error.keyword) {
    // Says the same as additionalProperties, without the names.
    case 'boolean':
      return [];
    case 'additionalProperties': {
      const allowed = Object.keys(propertiesAt(schema, error.schemaPath)).join(', ');
      return error.params.additionalProperties.map((name) => ({
        pointer: `${pointer}/${name}`,
        message: `"${name}" is not known here${allowed === '' ? '' : `, allowed are ${allowed}`}`,
      }));
    }
    case 'required':
      return error.params.requiredProperties.map((name) => ({ pointer: `${pointer}/${name}`, message: 'is missing' }));
    case 'enum':
      return [{ pointer, message: `is ${found}, allowed are ${error.params.allowedValues.join(', ')}` }];
    case 'const':
      return [{ pointer, message: `is ${found}, allowed is ${shown(error.params.allowedValue)}` }];
    default:
      return [{ pointer, message: `is ${found}, ${error.message}` }];
  }
}

/** The faults of the branches that fit the kind of value, else what kinds there are. */
function unionFaults(union: SchemaError, branches: readonly SchemaError[], value: unknown): SchemaFault[] {
  const pointer = union.instancePath;
  const wants = branches.filter((e) => e.instancePath === pointer && (e.keyword === 'type' || e.keyword === 'const'));
  const deeper = branches.filter(
    (e) => e.instancePath !== pointer && e.keyword !== 'anyOf' && !wants.some((w) => sameBranch(w, e, union)),
  );
  const own = branches.filter(
    (e) => e.instancePath === pointer && !wants.includes(e) && e.keyword !== 'anyOf' && e.keyword !== 'boolean',
  );
  const details = [...own, ...deeper].filter((e) => !wants.some((w) => sameBranch(w, e, union)));
  if (details.length > 0) {
    return details.map((e) => ({
      pointer: e.instancePath,
      message: `is ${shown(at(value, e.instancePath))}, ${e.message}`,
    }));
  }
  const kinds = wants.map((e) =>
    e.keyword === 'const' ? shown(e.params.allowedValue) : e.keyword === 'type' ? e.params.type : '',
  );
  return [{ pointer, message: `is ${shown(at(value, pointer))}, must be ${[...new Set(kinds)].join(' or ')}` }];
}

function sameBranch(a: SchemaError, b: SchemaError, union: SchemaError): boolean {
  const depth = union.schemaPath.split('/').length + 2;
  return a.schemaPath.split('/').slice(0, depth).join('/') === b.schemaPath.split('/').slice(0, depth).join('/');
}

function isUnder(path: string, parent: string): boolean {
  return path.startsWith(`${parent}/`);
}

function propertiesAt(schema: TSchema, schemaPath: string): Record<string, unknown> {
  let node: unknown = schema;
  for (const part of pointerParts(schemaPath.slice(1))) node = (node as Record<string, unknown> | undefined)?.[part];
  const properties = (node as { properties?: unknown } | undefined)?.properties;
  return typeof properties === 'object' && properties !== null ? (properties as Record<string, unknown>) : {};
}

function at(value: unknown, pointer: string): unknown {
  let node = value;
  for (const part of pointerParts(pointer)) node = (node as Record<string, unknown> | null | undefined)?.[part];
  return node;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
