import { parseArgs } from 'node:util';
import { errorMessage, PlantroomError } from '@plantroom/contracts';
import { copies, type ListedBuilding, readBuildingList } from '../buildings/building-list.ts';
import { Buildings } from '../buildings/buildings.ts';
import { mostRate } from '../model/pacer.ts';
import { type CommandContext, untilStopped } from './context.ts';

const usage = '--buildings N|FILE.yaml, or load --copies N [--accelerate K] [--free-ports]';

/** Several buildings until a signal comes. */
export async function runBuildings(words: readonly string[], context: CommandContext): Promise<number> {
  const { buildings = '' } = parse(words, { buildings: { type: 'string' } });
  const { controlPort } = context.environment;
  const isNumber = /^\d+$/.test(String(buildings));
  const list = isNumber
    ? copies(Number(buildings), { prefix: 'building', controlPort })
    : readBuildingList(String(buildings));
  return await run(list, { rate: 1, context });
}

/** Copies of the demo building for a bench, with the gateway files to read them by. */
export async function runLoad(words: readonly string[], context: CommandContext): Promise<number> {
  const values = parse(words, {
    copies: { type: 'string' },
    accelerate: { type: 'string' },
    'free-ports': { type: 'boolean' },
  });
  const rate = values.accelerate === undefined ? 1 : Number(values.accelerate);
  if (!Number.isFinite(rate) || rate < 0 || rate > mostRate)
    throw new PlantroomError('USAGE', `--accelerate is "${values.accelerate}"; allowed: 0 (pause) to ${mostRate}`);
  const list = copies(Number(values.copies), {
    prefix: 'load',
    controlPort: context.environment.controlPort,
    free: values['free-ports'] === true,
  });
  return await run(list, { rate, context });
}

async function run(
  list: readonly ListedBuilding[],
  { rate, context }: { rate: number; context: CommandContext },
): Promise<number> {
  const { say, ...rest } = context;
  const buildings = new Buildings({ list, ...rest });
  try {
    await buildings.start();
    buildings.setRate(rate);
    for (const { id, siteFile, gatewayFile } of buildings.where())
      say(`${id}: site ${siteFile}, gateway ${gatewayFile}`);
    for (const { id, url } of buildings.links()) say(`${id}: ${url}`);
    process.send?.({ ready: true, buildings: buildings.where() });
    await untilStopped();
  } finally {
    await buildings.stop();
  }
  return 0;
}

function parse(
  words: readonly string[],
  options: Record<string, { type: 'string' | 'boolean' }>,
): Record<string, string | boolean | undefined> {
  try {
    return parseArgs({ args: [...words], options }).values as Record<string, string | boolean | undefined>;
  } catch (error) {
    throw new PlantroomError('USAGE', `${errorMessage(error)}; usage: ${usage}`, { cause: error });
  }
}
