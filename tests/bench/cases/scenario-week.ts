import { demoPlant } from '../../scenario/file/demo-plant.ts';
import { readScenario } from '../../scenario/file/scenario-file.ts';
import { scenarioPath } from '../../scenario/options.ts';
import { type PlayedJob, playInPool } from '../../scenario/pool.ts';
import type { Figure } from '../report.ts';

/** The hottest week: everything cools, and most devices say something new at each poll. */
const week = 'healthy-week-summer';
/** The issue's own: a week of the healthy demo building at its own poll rates, on two cores. */
const limitS = 120;

/** A healthy week through the whole line on a virtual clock, in segments, as it is played as a scenario. */
export async function scenarioWeek(): Promise<Figure[]> {
  const plant = await demoPlant();
  const { segments = 1 } = readScenario(scenarioPath(week), plant);
  let played: PlayedJob | undefined;
  await playInPool([{ name: week, disabled: [], wire: false, segments }], {
    size: segments,
    played: (done) => {
      played = done;
    },
  });
  if (played === undefined || 'error' in played) throw new Error(played?.error ?? 'nothing was played');
  const { simulatedMs, wallMs, cpuMs, complaints, falseAlarms, falseOrders } = played.result;
  const devices = [...plant.alarms.values()].filter(({ rule }) => rule === 'device#offline').length;
  const perSecondUs = (cpuMs * 1000) / (simulatedMs / 1000);
  const note = `${segments} segments; ${devices} devices, ${plant.alarms.size} alarms; ${complaints.length} complaints, false: ${falseAlarms} alarms, ${falseOrders} orders`;
  return [
    {
      name: 'scenario-week wall time',
      measured: wallMs / 1000,
      unit: 's',
      limit: { at: limitS, sense: 'at most' },
      note,
    },
    {
      name: 'scenario-week CPU time',
      measured: cpuMs / 1000,
      unit: 's',
      note: `${Math.round((simulatedMs / cpuMs) * 10) / 10} times real time a core`,
    },
    // Grows with the building: compare it when devices are added, not the week.
    { name: 'scenario-week CPU of a device and second', measured: perSecondUs / devices, unit: 'µs' },
  ];
}
