import type { LocalText } from '@plantroom/contracts';
import type { ServerCatalog } from '../engine/catalog.ts';
import type { Engine } from '../engine/engine.ts';
import { pointFinder } from '../engine/point-paths.ts';
import type { AlarmSources } from './select-alarms.ts';

/** The alarms of the plant as it is now. */
export function alarmSources(engine: Engine, catalog: ServerCatalog): AlarmSources {
  const { plant, settings } = engine;
  const meaningOf = (point: string) => {
    const place = plant.points.get(point);
    return catalog.classes.get(place?.class ?? '')?.points[point.split('/')[2] ?? ''];
  };
  return {
    equipment: plant.equipment.values(),
    definitionsOf: (equipment) => (plant.equipment.has(equipment) ? settings.definitionsOf(equipment) : []),
    kindOf: (point) => (plant.points.has(point) ? (meaningOf(point)?.kind ?? 'number') : null),
    nameOf: (point): LocalText => {
      const name = point.split('/')[2] ?? point;
      return meaningOf(point)?.name ?? { zh: name, en: name };
    },
    finder: (equipment) => pointFinder(plant, equipment),
  };
}
