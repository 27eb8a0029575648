import { errorMessage } from '@plantroom/contracts';
import { demoPlant } from './file/demo-plant.ts';
import { readScenario } from './file/scenario-file.ts';
import { virtualStage } from './line/virtual-stage.ts';
import { wireStage } from './line/wire-stage.ts';
import { scenarioPath } from './options.ts';
import type { PlayedJob, PlayJob } from './pool.ts';
import { runScenario } from './run-scenario.ts';

/** A process that plays one scenario after the other; `pool.ts` starts it. */
const plant = await demoPlant();

async function play({ name, disabled, wire, duration }: PlayJob): Promise<PlayedJob> {
  try {
    const wanted = new Set(disabled);
    const isDisabled = (id: string): boolean => {
      const local = id.slice(plant.site.length + 1);
      const rule = plant.alarms.get(local)?.rule;
      return wanted.has(local) || (rule !== undefined && wanted.has(rule));
    };
    const scenario = readScenario(scenarioPath(name), plant);
    const result = await runScenario(duration === undefined ? scenario : { ...scenario, duration }, {
      site: plant.site,
      stage: wire ? wireStage : virtualStage,
      isDisabled: wanted.size === 0 ? undefined : isDisabled,
    });
    return { name, result };
  } catch (error) {
    return { name, error: errorMessage(error) };
  }
}

let turn: Promise<unknown> = Promise.resolve();
process.on('message', (job: PlayJob) => {
  turn = turn.then(async () => process.send?.(await play(job)));
});
