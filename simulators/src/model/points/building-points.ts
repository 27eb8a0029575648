import type { Building } from '../building.ts';
import type { BuildingSpec } from '../building-spec.ts';
import { airReaders } from './air-readers.ts';
import { gasPoints, sumpPoints, sumpPumpPoints } from './drainage-points.ts';
import { elevatorPoints } from './elevator-points.ts';
import { firePanelPoints, fireZonePoints } from './fire-points.ts';
import { generatorPoints } from './generator-points.ts';
import { leakPoints } from './leak-points.ts';
import { meterPoints } from './meter-points.ts';
import type { PointValues } from './point-values.ts';
import { upsPoints } from './ups-points.ts';
import { boosterPoints, pumpPoints, tankPoints } from './water-points.ts';

/** How to read each equipment's class points out of the model's state. */
export type PointReaders = ReadonlyMap<string, (building: Building) => PointValues>;

export function pointReaders(spec: BuildingSpec): PointReaders {
  const readers = new Map<string, (building: Building) => PointValues>();
  const missing: PointValues = {};
  for (const { id } of spec.elevators)
    readers.set(id, (b) => {
      const car = b.elevators.cars.find((c) => c.id === id);
      return car === undefined ? missing : elevatorPoints(car);
    });
  readers.set(spec.water.booster, (b) => boosterPoints(b.water));
  readers.set(spec.water.tank, (b) => tankPoints(b.water));
  for (const id of spec.water.pumps)
    readers.set(id, (b) => {
      const pump = b.water.pumps.find((p) => p.id === id);
      return pump === undefined ? missing : pumpPoints(pump, b.water);
    });
  readers.set(spec.power.incomer, (b) => meterPoints(b.power.incomer));
  for (const { id } of spec.power.feeders)
    readers.set(id, (b) => {
      const meter = b.power.feeders.find((m) => m.id === id);
      return meter === undefined ? missing : meterPoints(meter);
    });
  readers.set(spec.power.generator, (b) => generatorPoints(b.power.generator));
  readers.set(spec.power.ups, (b) => upsPoints(b.power.ups));
  readers.set(spec.fire.panel, (b) => firePanelPoints(b.fire));
  for (const { id } of spec.fire.zones) readers.set(id, (b) => fireZonePoints(b.fire, id));
  for (const [id, read] of airReaders(spec.air)) readers.set(id, (b) => read(b.air));
  readers.set(spec.drainage.sump, (b) => sumpPoints(b.drainage));
  for (const id of spec.drainage.pumps)
    readers.set(id, (b) => {
      const pump = b.drainage.pumps.find((p) => p.id === id);
      return pump === undefined ? missing : sumpPumpPoints(pump);
    });
  for (const id of spec.gas)
    readers.set(id, (b) => {
      const room = b.gas.rooms.find((r) => r.id === id);
      return room === undefined ? missing : gasPoints(room);
    });
  for (const id of spec.leaks)
    readers.set(id, (b) => {
      const sensor = b.leaks.sensors.find((s) => s.id === id);
      return sensor === undefined ? missing : leakPoints(sensor);
    });
  return readers;
}
