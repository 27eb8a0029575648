import { readFileSync } from 'node:fs';
import { errorMessage, type Problem } from '@plantroom/contracts';
import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { type Environment, fillEnvironment, pointerParts } from './fill-environment.ts';

/** A file as it was read: its value with the environment filled in, and where each part of it stands. */
export interface ConfigSource {
  /** Undefined when the file could not be read or parsed. */
  value: unknown;
  /** Pointers of texts that hold something from the environment: where the schema wants a number, they may be one. */
  filled: ReadonlySet<string>;
  problems: Problem[];
  problem(pointer: string, message: string): Problem;
}

export function readConfigSource(file: string, environment: Environment): ConfigSource {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const problems = [{ source: file, path: '', message: errorMessage(error) }];
    return {
      value: undefined,
      filled: new Set(),
      problems,
      problem: (path, message) => ({ source: file, path, message }),
    };
  }
  return parseConfigSource(file, text, environment);
}

/** `file` names the source in problems. */
export function parseConfigSource(file: string, text: string, environment: Environment): ConfigSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problem = (pointer: string, message: string): Problem => {
    const offset = offsetOf(document, pointerParts(pointer));
    const place = offset === undefined ? {} : { line: lines.linePos(offset).line };
    return { source: file, path: pointer, ...place, message };
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      source: file,
      path: '',
      line: lines.linePos(error.pos[0]).line,
      message: `not valid YAML: ${error.message}`,
    }));
    return { value: undefined, filled: new Set(), problems, problem };
  }
  const { value, filled, missing } = fillEnvironment(document.toJS(), environment);
  const problems = missing.map(({ pointer, name }) =>
    problem(pointer, `environment variable ${name} is not set; set it or write \${${name}:-default}`),
  );
  return { value, filled, problems, problem };
}

/** Where the deepest existing part of the path begins: the key of a map entry, the item of a list. */
function offsetOf(document: Document, parts: readonly string[]): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const part of parts) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === part);
      if (pair === undefined) break;
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(part)];
      if (item === undefined) break;
      if (isMap(item) || isSeq(item) || isScalar(item)) offset = item.range?.[0] ?? offset;
      node = item;
    } else {
      break;
    }
  }
  return offset;
}
