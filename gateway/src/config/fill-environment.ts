/** What the environment holds: `process.env` fits. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Filled {
  value: unknown;
  /** JSON pointers of the texts in which something was filled. */
  filled: Set<string>;
  /** References to variables that are not set and have no default. */
  missing: { pointer: string; name: string }[];
}

const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** `${NAME}` and `${NAME:-default}` in every text. As in a shell, `:-` also takes the default for an empty variable. */
export function fillEnvironment(value: unknown, environment: Environment): Filled {
  const result: Filled = { value: undefined, filled: new Set(), missing: [] };
  result.value = fill(value, '');
  return result;

  function fill(node: unknown, pointer: string): unknown {
    if (typeof node === 'string') return fillText(node, pointer);
    if (Array.isArray(node)) return node.map((item, i) => fill(item, `${pointer}/${i}`));
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, item]) => [key, fill(item, `${pointer}/${escapePointer(key)}`)]),
    );
  }

  function fillText(text: string, pointer: string): string {
    return text.replace(reference, (whole, name: string, fallback: string | undefined) => {
      result.filled.add(pointer);
      const set = environment[name];
      if (set !== undefined && (set !== '' || fallback === undefined)) return set;
      if (fallback !== undefined) return fallback;
      result.missing.push({ pointer, name });
      return whole;
    });
  }
}

/** RFC 6901. */
export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

export function pointerParts(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
