import { readFile } from 'node:fs/promises';
import { errorMessage, formatProblem, PlantroomError } from '@plantroom/contracts';
import { type Catalog, type DeviceProfile, loadCatalog } from '@plantroom/device-profiles';
import { PlanPlayer } from '../replay/plan-player.ts';
import { Player } from '../replay/player.ts';
import { readRecording } from '../replay/recording.ts';
import { readReplayPlan } from '../replay/replay-plan.ts';
import { replayWire } from '../replay/replay-wire.ts';
import { type CommandContext, untilStopped } from './context.ts';
import { parseReplay, type ReplayOptions } from './replay-options.ts';

/** A recorded CSV through a device of a given profile. */
export async function runReplay(words: readonly string[], context: CommandContext): Promise<number> {
  const [first, file] = words;
  if (first === '--plan') return await runPlan(file, words.slice(2), context);
  const options = parseReplay(words);
  const catalog = readCatalog(options, context);
  const profile = findProfile(options.profile, catalog);
  const text = await readFile(options.csv, 'utf8').catch((error: unknown) => {
    throw new PlantroomError('REPLAY_INVALID', `--csv ${options.csv} cannot be read: ${errorMessage(error)}`);
  });
  const recording = readRecording(text, {
    source: options.csv,
    separator: options.separator,
    points: profile.points.map((point) => point.point),
    map: options.map,
  });
  const player = new Player({
    recording,
    clock: context.clock,
    speed: options.speed,
    loop: options.loop,
    progress: (row, of) => context.say(`row ${row} of ${of}`),
  });
  const wire = replayWire({ profile, catalog, player, options, context });
  await wire.start();
  try {
    for (const { name, point } of recording.columns) context.say(`column ${name} → ${point}`);
    if (recording.ignored.length > 0) context.say(`columns without a point: ${recording.ignored.join(', ')}`);
    context.say(`${recording.rows.length} rows; ${wire.where}${options.waitForClient ? '; waiting for a client' : ''}`);
    process.send?.({ ready: true });
    if (!options.waitForClient) player.start();
    const ended = player.ended.then(() => context.say(`the last row stands${options.hold ? ' and is held' : ''}`));
    await untilStopped(options.hold ? undefined : ended);
  } finally {
    player.stop();
    await wire.stop();
  }
  return 0;
}

async function runPlan(file: string | undefined, more: readonly string[], context: CommandContext): Promise<number> {
  if (file === undefined || more.length > 0)
    throw new PlantroomError('USAGE', 'usage: replay --plan FILE.yaml; what else there is to say stands in the plan');
  const plan = readReplayPlan(file);
  const { environment, clock, logger, say } = context;
  const catalog = readCatalog({ catalogs: plan.catalogs ?? [] }, context);
  const player = new PlanPlayer({ plan, catalog, mqttUrl: environment.mqttUrl, clock, logger });
  try {
    await player.start();
    for (const [id, where] of Object.entries(player.where())) say(`${id}: ${where}`);
    process.send?.({ ready: true });
    await untilStopped();
  } finally {
    await player.stop();
  }
  return 0;
}

function readCatalog(options: Pick<ReplayOptions, 'catalogs'>, context: CommandContext): Catalog {
  const { catalog, problems } = loadCatalog({ folders: options.catalogs });
  for (const problem of problems) context.logger.warn({ problem: formatProblem(problem) }, 'left out of the catalogue');
  return catalog;
}

function findProfile(id: string, catalog: Catalog): DeviceProfile {
  const profile = catalog.profiles.get(id);
  if (profile !== undefined) return profile;
  const allowed = [...catalog.profiles.keys()].join(', ');
  throw new PlantroomError('REPLAY_INVALID', `no profile "${id}"; there are: ${allowed}; more with --catalog DIR`);
}
