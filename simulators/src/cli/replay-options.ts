import { parseArgs } from 'node:util';
import { errorMessage, PlantroomError } from '@plantroom/contracts';

export interface ReplayOptions {
  csv: string;
  profile: string;
  catalogs: string[];
  /** 0: any free one, printed. */
  port: number;
  speed: number | 'as-fast';
  separator: string;
  unitId: number;
  map: Map<string, string>;
  parameters: Record<string, string>;
  loop: boolean;
  hold: boolean;
  waitForClient: boolean;
}

const usage =
  "replay --csv FILE --profile VENDOR/MODEL --port N [--catalog DIR]… [--speed X | --as-fast] [--separator ';'] [--unit 1] [--map COLUMN=POINT,…] [--param NAME=VALUE]… [--loop] [--hold] [--wait-for-client]";

/** Throws USAGE with the option, its value and what is allowed. */
export function parseReplay(words: readonly string[]): ReplayOptions {
  const { values } = parse(words);
  const needed = (name: 'csv' | 'profile'): string => {
    const value = values[name];
    if (value === undefined) throw new PlantroomError('USAGE', `--${name} is missing; usage: ${usage}`);
    return value;
  };
  const number = (name: 'port' | 'speed' | 'unit', range: { fallback: number; min: number; max: number }): number => {
    const text = values[name];
    if (text === undefined) return range.fallback;
    const value = Number(text);
    const whole = name === 'speed' || Number.isInteger(value);
    if (text.trim() !== '' && whole && value >= range.min && value <= range.max) return value;
    throw new PlantroomError('USAGE', `--${name} is "${text}"; allowed: ${range.min} to ${range.max}`);
  };
  if (values['as-fast'] === true && values.speed !== undefined)
    throw new PlantroomError('USAGE', '--speed and --as-fast exclude each other');
  return {
    csv: needed('csv'),
    profile: needed('profile'),
    catalogs: values.catalog ?? [],
    port: number('port', { fallback: 0, min: 0, max: 65_535 }),
    speed: values['as-fast'] === true ? 'as-fast' : number('speed', { fallback: 1, min: 0.001, max: 100_000 }),
    separator: values.separator ?? ';',
    unitId: number('unit', { fallback: 1, min: 0, max: 255 }),
    map: new Map(
      pairs(
        '--map',
        (values.map ?? []).flatMap((list) => list.split(',')),
      ),
    ),
    parameters: Object.fromEntries(pairs('--param', values.param ?? [])),
    loop: values.loop === true,
    hold: values.hold === true,
    waitForClient: values['wait-for-client'] === true || values['as-fast'] === true,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        csv: { type: 'string' },
        profile: { type: 'string' },
        catalog: { type: 'string', multiple: true },
        port: { type: 'string' },
        speed: { type: 'string' },
        'as-fast': { type: 'boolean' },
        separator: { type: 'string' },
        unit: { type: 'string' },
        map: { type: 'string', multiple: true },
        param: { type: 'string', multiple: true },
        loop: { type: 'boolean' },
        hold: { type: 'boolean' },
        'wait-for-client': { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new PlantroomError('USAGE', `${errorMessage(error)}; usage: ${usage}`, { cause: error });
  }
}

function pairs(option: string, texts: readonly string[]): [string, string][] {
  return texts.map((text) => {
    const at = text.lastIndexOf('=');
    if (at > 0 && at < text.length - 1) return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    throw new PlantroomError('USAGE', `${option} has "${text}"; allowed: NAME=VALUE`);
  });
}
