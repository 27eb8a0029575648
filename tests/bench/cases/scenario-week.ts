import { demoPlant } from '../../scenario/file/demo-plant.ts';
import { type PlayedJob, playInPool } from '../../scenario/pool.ts';
import type { Figure } from '../report.ts';

const days = 7;
/** The issue's own: a week of the healthy demo building at its own poll rates, on two cores. */
const limitS = 120;

/** A healthy week through the whole line on a virtual clock, in one process as every scenario is played. */
export async function scenarioWeek(): Promise<Figure[]> {
  const plant = await demoPlant();
  let played: PlayedJob | undefined;
  await playInPool([{ name: 'healthy-day', disabled: [], wire: false, duration: `${days}d` }], {
    size: 1,
    played: (done) => {
      played = done;
    },
  });
  if (played === undefined || 'error' in played) throw new Error(played?.error ?? 'nothing was played');
  const { simulatedMs, wallMs, cpuMs, falseAlarms, falseOrders } = played.result;
  const devices = [...plant.alarms.values()].filter(({ rule }) => rule === 'device#offline').length;
  const perSecondUs = (cpuMs * 1000) / (simulatedMs / 1000);
  const note = `${devices} devices, ${plant.alarms.size} alarms; false: ${falseAlarms} alarms, ${falseOrders} orders`;
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
