import { isScalar, parse, parseDocument, visit } from 'yaml';

export type Environment = Readonly<Record<string, string | undefined>>;

/** YAML → data with `${NAME}` and `${NAME:-default}` filled; a plain (unquoted) scalar takes the type of what it is filled with. */
export function parseWithEnvironment(text: string, environment: Environment): unknown {
  const document = parseDocument(text);
  if (document.errors[0] !== undefined) throw document.errors[0];
  visit(document, {
    Scalar(_, node) {
      if (!isScalar(node) || typeof node.value !== 'string' || !node.value.includes('${')) return;
      const filled = fill(node.value, environment);
      node.value = node.type === 'PLAIN' && /^-?\d+(\.\d+)?$/.test(filled) ? parse(filled) : filled;
    },
  });
  return document.toJS();
}

function fill(text: string, environment: Environment): string {
  return text.replace(/\$\{(\w+)(?::-([^}]*))?\}/g, (_, name: string, fallback: string | undefined) => {
    const value = environment[name];
    return value === undefined || value === '' ? (fallback ?? '') : value;
  });
}
