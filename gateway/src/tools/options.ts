import { PlantroomError } from '@plantroom/contracts';
import { notAllowed } from '@plantroom/device-profiles';

/** `flag` stands alone, `text` takes a value, `list` takes one each time it stands. */
export type OptionKinds = Readonly<Record<string, 'flag' | 'text' | 'list'>>;

export interface ParsedOptions {
  positionals: string[];
  flags: ReadonlySet<string>;
  texts: ReadonlyMap<string, string>;
  lists: ReadonlyMap<string, readonly string[]>;
}

/** `--name value` or `--name=value`. Throws USAGE naming the option and what is allowed. */
export function parseOptions(tool: string, args: readonly string[], kinds: OptionKinds): ParsedOptions {
  const positionals: string[] = [];
  const flags = new Set<string>();
  const texts = new Map<string, string>();
  const lists = new Map<string, string[]>();
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (!arg.startsWith('--')) {
      positionals.push(arg);
      continue;
    }
    const [name = '', ...inline] = arg.slice(2).split('=');
    const kind = kinds[name];
    if (kind === undefined) {
      const allowed = Object.keys(kinds).map((known) => `--${known}`);
      throw new PlantroomError('USAGE', notAllowed(`--${name}`, `an option of ${tool}`, allowed));
    }
    if (kind === 'flag') {
      if (inline.length > 0) throw new PlantroomError('USAGE', `--${name} takes no value, got "${inline.join('=')}"`);
      flags.add(name);
      continue;
    }
    const value = inline.length > 0 ? inline.join('=') : rest.shift();
    if (value === undefined || value === '') throw new PlantroomError('USAGE', `--${name} needs a value`);
    if (kind === 'text') texts.set(name, value);
    else lists.set(name, [...(lists.get(name) ?? []), value]);
  }
  return { positionals, flags, texts, lists };
}

/** The only positional argument. Throws USAGE when there is none or more than one. */
export function onlyPositional(tool: string, { positionals }: ParsedOptions, what: string): string {
  const [only, ...more] = positionals;
  if (only === undefined) throw new PlantroomError('USAGE', `${tool} needs ${what}`);
  if (more.length > 0) throw new PlantroomError('USAGE', `${tool} takes one ${what}, "${more.join(' ')}" is too much`);
  return only;
}

/** A whole number within bounds. Throws USAGE. */
export function wholeOption(
  name: string,
  text: string | undefined,
  { otherwise, min, max }: { otherwise: number; min: number; max: number },
): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new PlantroomError('USAGE', `--${name} is "${text}", allowed are whole numbers from ${min} to ${max}`);
  return value;
}
