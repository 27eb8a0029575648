import { readFileSync } from 'node:fs';
import { errorMessage, type Problem, ProblemsError } from '@plantroom/contracts';
import { parseYaml, schemaProblems } from '@plantroom/device-profiles';
import type { Static, TSchema } from 'typebox';
import { Check } from 'typebox/value';

/** A file of the given shape, and how to tell where in it something is wrong. */
export interface ReadYaml<T> {
  data: T;
  problem(path: readonly (string | number)[], message: string): Problem;
}

/** Throws a ProblemsError of this code with everything that is wrong: file, line, path, value and what is allowed. */
export function readYaml<S extends TSchema>(path: string, schema: S, code: string): ReadYaml<Static<S>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ProblemsError(code, [{ source: path, path: '', message: errorMessage(error) }]);
  }
  const { file, problems } = parseYaml(path, text);
  if (file === undefined) throw new ProblemsError(code, problems);
  const { value } = file;
  if (!Check(schema, value)) throw new ProblemsError(code, schemaProblems(schema, file));
  return { data: value as Static<S>, problem: (at, message) => file.problem(at, message) };
}
