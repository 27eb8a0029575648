import { errorMessage } from '@plantroom/contracts';
import { demoPlant } from './file/demo-plant.ts';
import { readScenario } from './file/scenario-file.ts';
import { virtualStage } from './line/virtual-stage.ts';
import { wireStage } from './line/wire-stage.ts';
import { scenarioPath } from './options.ts';
import type { PlayedSegment, SegmentJob } from './pool.ts';
import { runScenario } from './run-scenario.ts';
import { overlapOf, segmentsOf } from './segments.ts';

/** A process that plays one scenario after the other; `pool.ts` starts it. */
const plant = await demoPlant();

async function play({ name, disabled, wire, duration, segments = 1, segment = 0 }: SegmentJob): Promise<PlayedSegment> {
  try {
    const wanted = new Set(disabled);
    const isDisabled = (id: string): boolean => {
      const local = id.slice(plant.site.length + 1);
      const rule = plant.alarms.get(local)?.rule;
      return wanted.has(local) || (rule !== undefined && wanted.has(rule));
    };
    const read = readScenario(scenarioPath(name), plant);
    const scenario = { ...read, segments, duration: duration ?? read.duration };
    const stretch = segmentsOf(scenario, overlapOf(plant))[segment];
    if (stretch === undefined) throw new Error(`there is no segment ${segment} of ${segments}`);
    const played = await runScenario(scenario, {
      site: plant.site,
      segment: stretch,
      stage: wire ? wireStage : virtualStage,
      isDisabled: wanted.size === 0 ? undefined : isDisabled,
    });
    return { played };
  } catch (error) {
    return { error: errorMessage(error) };
  }
}

let turn: Promise<unknown> = Promise.resolve();
process.on('message', (job: SegmentJob) => {
  turn = turn.then(async () => process.send?.(await play(job)));
});
