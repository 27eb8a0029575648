import type { Building } from '../building.ts';
import type { BuildingSpec } from '../building-spec.ts';
import { airReaders } from './air-readers.ts';
import { gasPoints, sumpPoints, sumpPumpPoints } from './drainage-points.ts';
import { elevatorPoints } from './elevator-points.ts';
import { firePanelPoints, fireZonePoints } from './fire-points.ts';
import { generatorPoints } from './generator-points.ts';
import { held } from './held-values.ts';
import { leakPoints } from './leak-points.ts';
import { meterPoints } from './meter-points.ts';
import type { PointValues } from './point-values.ts';
import { upsPoints } from './ups-points.ts';
import { boosterPoints, pumpPoints, tankPoints } from './water-points.ts';

/** How to read each equipment's class points out of the model's state. */
export type PointReaders = ReadonlyMap<string, (building: Building) => PointValues>;

export function pointReaders(spec: BuildingSpec): PointReaders {
  const readers = new Map<string, (building: Building) => PointValues>();
  const of = (id: string, read: (building: Building) => PointValues): void => {
    readers.set(id, read);
  };
  const elevators = (b: Building) => b.elevators;
  const water = (b: Building) => b.water;
  const power = (b: Building) => b.power;
  const drainage = (b: Building) => b.drainage;
  for (const { id } of spec.elevators)
    of(
      id,
      held(elevators, ({ cars }) => named(cars, id, elevatorPoints)),
    );
  of(spec.water.booster, held(water, boosterPoints));
  of(spec.water.tank, held(water, tankPoints));
  for (const id of spec.water.pumps)
    of(
      id,
      held(water, (now) => named(now.pumps, id, (pump) => pumpPoints(pump, now))),
    );
  of(
    spec.power.incomer,
    held(power, ({ incomer }) => meterPoints(incomer)),
  );
  for (const { id } of spec.power.feeders)
    of(
      id,
      held(power, ({ feeders }) => named(feeders, id, meterPoints)),
    );
  of(
    spec.power.generator,
    held(power, ({ generator }) => generatorPoints(generator)),
  );
  of(
    spec.power.ups,
    held(power, ({ ups }) => upsPoints(ups)),
  );
  of(
    spec.fire.panel,
    held((b) => b.fire, firePanelPoints),
  );
  for (const { id } of spec.fire.zones)
    of(
      id,
      held(
        (b) => b.fire,
        (fire) => fireZonePoints(fire, id),
      ),
    );
  for (const [id, read] of airReaders(spec.air)) of(id, (b) => read(b.air));
  of(spec.drainage.sump, held(drainage, sumpPoints));
  for (const id of spec.drainage.pumps)
    of(
      id,
      held(drainage, ({ pumps }) => named(pumps, id, sumpPumpPoints)),
    );
  for (const id of spec.gas)
    of(
      id,
      held(
        (b) => b.gas,
        ({ rooms }) => named(rooms, id, gasPoints),
      ),
    );
  for (const id of spec.leaks)
    of(
      id,
      held(
        (b) => b.leaks,
        ({ sensors }) => named(sensors, id, leakPoints),
      ),
    );
  return readers;
}

function named<T extends { id: string }>(list: readonly T[], id: string, read: (one: T) => PointValues): PointValues {
  const found = list.find((one) => one.id === id);
  return found === undefined ? {} : read(found);
}
