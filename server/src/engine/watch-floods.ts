import { type Clock, positionOf } from '@plantroom/contracts';
import type { SiteOperations } from '../site/site-operations.ts';
import type { ServerCatalog } from './catalog.ts';
import type { Engine } from './engine.ts';
import type { FloodPlace, FloodPlaces } from './flood-desk.ts';

/** From the journal on, floods are watched for at the positions that the site files name; to be called once those are known. */
export function watchFloods(
  engine: Engine,
  { operations, catalog, clock }: { operations: SiteOperations; catalog: ServerCatalog; clock: Clock },
): Promise<void> {
  const { plant } = engine;
  const places: FloodPlaces = {
    all: () =>
      [...plant.sites.keys()].flatMap((site) =>
        operations.positionsOf(site).map(({ id, name }): FloodPlace => ({ site, position: id, name })),
      ),
    systemOf: (equipment) => catalog.classes.get(plant.equipment.get(equipment)?.class ?? '')?.system,
    placeOf: (alarm, equipment) => {
      const site = alarm.split('/')[0] ?? '';
      const positions = operations.positionsOf(site);
      const position = positionOf(positions, equipment, (id) => places.systemOf(id));
      const name = positions.find(({ id }) => id === position)?.name ?? { zh: position, en: position };
      return { site, position, name };
    },
  };
  return engine.command(({ db }) => engine.floods.restore(db, places, clock.nowMs()));
}
