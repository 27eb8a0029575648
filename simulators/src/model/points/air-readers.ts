import type { Air, AirSpec } from '../air/air.ts';
import { ahuPoints, mixingUnitPoints, vrfPoints, zonePoints } from './air-points.ts';
import { actuatorPoints, chillerPoints, vavPoints } from './cooling-points.ts';
import type { PointValues } from './point-values.ts';

/** How to read the points of everything in the air model; equipment stands where its spec stands. */
export function airReaders(spec: AirSpec): [string, (air: Air) => PointValues][] {
  const missing: PointValues = {};
  const of = <T>(item: T | undefined, read: (item: T) => PointValues): PointValues =>
    item === undefined ? missing : read(item);
  return [
    ...spec.zones.map(({ id }, i) => entry(id, (air) => of(air.zones[i], zonePoints))),
    ...spec.ahus.map(({ id, zones }, i) =>
      entry(id, (air) => {
        const room = air.zones.find((zone) => zone.id === zones[0]?.id);
        return of(air.ahus[i], (ahu) => ahuPoints(ahu, room));
      }),
    ),
    ...spec.mixingUnits.flatMap(({ id, actuators, boxes }, i) => [
      entry(id, (air) => of(air.mixingUnits[i], mixingUnitPoints)),
      ...Object.entries(actuators).map(([role, actuator]) =>
        entry(actuator, (air) => of(air.mixingUnits[i]?.[role as keyof typeof actuators], actuatorPoints)),
      ),
      ...boxes.map((box, b) => entry(box.id, (air) => of(air.mixingUnits[i]?.boxes[b], (now) => vavPoints(now, box)))),
    ]),
    ...spec.chillers.map(({ id, ratedW }, i) =>
      entry(id, (air) => of(air.chilled.chillers[i], (chiller) => chillerPoints(chiller, ratedW))),
    ),
    ...spec.vrf.units.map(({ id }, i) => entry(id, (air) => of(air.vrf.units[i], vrfPoints))),
  ];
}

function entry(id: string, read: (air: Air) => PointValues): [string, (air: Air) => PointValues] {
  return [id, read];
}
