import type { Air, AirSpec } from '../air/air.ts';
import { ahuPoints, mixingUnitPoints, vrfPoints, zonePoints } from './air-points.ts';
import { actuatorPoints, chillerPoints, vavPoints } from './cooling-points.ts';
import { held } from './held-values.ts';
import type { PointValues } from './point-values.ts';

/** How to read the points of everything in the air model; equipment stands where its spec stands. */
export function airReaders(spec: AirSpec): [string, (air: Air) => PointValues][] {
  const missing: PointValues = {};
  const of = <T>(
    item: (air: Air) => T | undefined,
    read: (item: T, air: Air) => PointValues,
  ): ((air: Air) => PointValues) => held(item, (now, air: Air) => (now === undefined ? missing : read(now, air)));
  return [
    ...spec.zones.map(({ id }, i) =>
      entry(
        id,
        of((air) => air.zones[i], zonePoints),
      ),
    ),
    // A unit steps together with its rooms.
    ...spec.ahus.map(({ id, zones }, i) =>
      entry(
        id,
        of(
          (air) => air.ahus[i],
          (ahu, air) =>
            ahuPoints(
              ahu,
              air.zones.find((zone) => zone.id === zones[0]?.id),
            ),
        ),
      ),
    ),
    ...spec.mixingUnits.flatMap(({ id, actuators, boxes }, i) => [
      entry(
        id,
        of((air) => air.mixingUnits[i], mixingUnitPoints),
      ),
      ...Object.entries(actuators).map(([role, actuator]) =>
        entry(
          actuator,
          of((air) => air.mixingUnits[i]?.[role as keyof typeof actuators], actuatorPoints),
        ),
      ),
      ...boxes.map((box, b) =>
        entry(
          box.id,
          of(
            (air) => air.mixingUnits[i]?.boxes[b],
            (now) => vavPoints(now, box),
          ),
        ),
      ),
    ]),
    ...spec.chillers.map(({ id, ratedW }, i) =>
      entry(
        id,
        of(
          (air) => air.chilled.chillers[i],
          (chiller) => chillerPoints(chiller, ratedW),
        ),
      ),
    ),
    ...spec.vrf.units.map(({ id }, i) =>
      entry(
        id,
        of((air) => air.vrf.units[i], vrfPoints),
      ),
    ),
  ];
}

function entry(id: string, read: (air: Air) => PointValues): [string, (air: Air) => PointValues] {
  return [id, read];
}
