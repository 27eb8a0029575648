import { parseArgs } from 'node:util';
import { errorMessage, type LocalText, PlantroomError } from '@plantroom/contracts';
import { faultCatalogue } from '../faults/catalogue.ts';
import { describeCatalogue } from '../faults/describe-catalogue.ts';
import type { CommandContext } from './context.ts';

const usage = 'fault list | document | on EQUIPMENT FAULT [--point POINT] [--severity 0..1] [--ramp SECONDS] | off ID';

interface FaultList {
  catalogue: { id: string; name: LocalText; classes: readonly string[] | 'any' }[];
  active: { id: string; equipment: string; fault: string; severity: number; level: number }[];
}

/** The control interface of the running simulators, from the command line; `document` prints the catalogue as Markdown. */
export async function runFaultCommand(words: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = parse(words);
  const [action, first, second] = positionals;
  const call = caller(`http://127.0.0.1:${context.environment.controlPort}`);
  if (action === 'list' && positionals.length === 1) {
    print((await call('GET', '/faults')) as FaultList, context);
    return 0;
  }
  if (action === 'document' && positionals.length === 1) {
    // `say` ends the last line.
    context.say(describeCatalogue(faultCatalogue).trimEnd());
    return 0;
  }
  if (action === 'on' && first !== undefined && second !== undefined && positionals.length === 3) {
    const body = {
      equipment: first,
      fault: second,
      ...(values.point === undefined ? {} : { point: values.point }),
      ...(values.severity === undefined ? {} : { severity: numeric('--severity', values.severity) }),
      ...(values.ramp === undefined ? {} : { rampS: numeric('--ramp', values.ramp) }),
    };
    const active = (await call('POST', '/faults', body)) as { id: string };
    context.say(`${active.id}  ${second} on ${first}`);
    return 0;
  }
  if (action === 'off' && first !== undefined && positionals.length === 2) {
    await call('DELETE', `/faults/${encodeURIComponent(first)}`);
    context.say(`${first} is off`);
    return 0;
  }
  throw new PlantroomError('USAGE', `"fault ${words.join(' ')}" is not: ${usage}`);
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { point: { type: 'string' }, severity: { type: 'string' }, ramp: { type: 'string' } },
    });
  } catch (error) {
    throw new PlantroomError('USAGE', `${errorMessage(error)}; usage: ${usage}`, { cause: error });
  }
}

function numeric(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new PlantroomError('USAGE', `${option} is "${text}"; allowed: a number`);
}

function caller(base: string) {
  return async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${base}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    }).catch((error: unknown) => {
      throw new PlantroomError(
        'SIMULATORS_NOT_REACHED',
        `no simulators answer at ${base}; start them, or set PLANTROOM_SIM_PORT`,
        { cause: error, retryable: true },
      );
    });
    const answer = (await response.json()) as { code?: string; message?: string };
    if (!response.ok) {
      const { code = 'FAULT_REFUSED', message = `answered ${response.status}` } = answer;
      // The error puts its code behind the message itself.
      throw new PlantroomError(code, message.replace(` [${code}]`, ''));
    }
    return answer;
  };
}

function print({ catalogue, active }: FaultList, context: CommandContext): void {
  const width = Math.max(...catalogue.map(({ id }) => id.length));
  for (const { id, name, classes } of catalogue)
    context.say(`${id.padEnd(width)}  ${classes === 'any' ? 'any' : classes.join(',')}  ${name.en} ${name.zh}`);
  context.say(active.length === 0 ? 'active: none' : 'active:');
  for (const fault of active)
    context.say(
      `  ${fault.id}  ${fault.fault} on ${fault.equipment}, at ${fault.level.toFixed(2)} of ${fault.severity}`,
    );
}
