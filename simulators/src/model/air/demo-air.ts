import type { AirSpec } from './air.ts';
import type { ZoneSpec } from './zone.ts';

/** Six floors of offices; glass on all sides. Of the tenants' power this much warms them; the rest leaves with exhausts of its own. */
function officeFloors(id: string): ZoneSpec {
  return {
    id,
    areaM2: 2600,
    heightM: 3,
    windowM2: [140, 140, 140, 140],
    lossWPerK: 2000,
    infiltrationPerH: 0.1,
    people: 180,
    rhythm: 'office',
    equipmentW: 38_000,
    idleW: 5500,
    coils: { coolWPerK: 8500, heatWPerK: 5200, fanW: 3000 },
  };
}

function room(id: string, areaM2: number, of: Partial<ZoneSpec>): ZoneSpec {
  return {
    id,
    areaM2,
    heightM: 3,
    windowM2: [0, 0, 0, 0],
    lossWPerK: areaM2 * 0.4,
    infiltrationPerH: 0.2,
    people: 0,
    rhythm: 'office',
    equipmentW: 1000,
    idleW: 1000,
    ...of,
  };
}

export const demoAir: AirSpec = {
  zones: [
    {
      id: 'zone-lobby',
      areaM2: 450,
      heightM: 6,
      windowM2: [30, 70, 90, 70],
      lossWPerK: 700,
      infiltrationPerH: 0.8,
      people: 40,
      rhythm: 'office',
      equipmentW: 7000,
      idleW: 1200,
    },
    officeFloors('zone-low'),
    officeFloors('zone-high'),
    {
      id: 'zone-meeting',
      areaM2: 300,
      heightM: 3,
      windowM2: [30, 0, 30, 0],
      lossWPerK: 230,
      infiltrationPerH: 0.1,
      people: 65,
      rhythm: 'meeting',
      equipmentW: 5000,
      idleW: 600,
      coils: { coolWPerK: 1200, heatWPerK: 700, fanW: 400 },
    },
  ],
  links: [
    { a: 'zone-lobby', b: 'zone-low', wPerK: 170 },
    { a: 'zone-low', b: 'zone-high', wPerK: 220 },
    { a: 'zone-high', b: 'zone-meeting', wPerK: 220 },
  ],
  ahus: [
    {
      id: 'ahu-1',
      ratedKgS: 3.1,
      fanW: 3300,
      heater: { kind: 'electric', w: 38_000 },
      coolerKgS: 4.5,
      zones: [{ id: 'zone-low', share: 1 }],
    },
    {
      id: 'ahu-2',
      ratedKgS: 4.4,
      fanW: 4700,
      heater: { kind: 'water', designKgS: 2.7 },
      coolerKgS: 6.2,
      zones: [
        { id: 'zone-high', share: 0.73 },
        { id: 'zone-meeting', share: 0.27 },
      ],
    },
  ],
  mixingUnits: [
    {
      id: 'ahu-3',
      zone: 'zone-lobby',
      ratedKgS: 5,
      supplyFanW: 6400,
      extractFanW: 2800,
      heaterKgS: 4.3,
      coolerKgS: 4.3,
      actuators: {
        outdoorDamper: 'damper-ahu-3',
        coolingValve: 'valve-cooling-ahu-3',
        heatingValve: 'valve-heating-ahu-3',
      },
      boxes: [
        { id: 'vav-lobby-1', nominalKgS: 2.5 },
        { id: 'vav-lobby-2', nominalKgS: 2.5 },
      ],
    },
  ],
  chillers: [
    { id: 'chiller-1', capacityW: 230_000, ratedW: 53_000 },
    { id: 'chiller-2', capacityW: 230_000, ratedW: 53_000 },
  ],
  vrf: {
    units: [
      {
        id: 'vrf-control-room',
        schedule: 'always',
        ratedW: 7100,
        room: room('vrf-control-room', 60, { people: 2, equipmentW: 2200, idleW: 2200 }),
      },
      {
        id: 'vrf-power-room',
        schedule: 'always',
        ratedW: 9000,
        room: room('vrf-power-room', 90, { equipmentW: 4500, idleW: 4500 }),
      },
      {
        id: 'vrf-machine-room',
        schedule: 'always',
        ratedW: 9000,
        room: room('vrf-machine-room', 70, { equipmentW: 3500, idleW: 2500, lossWPerK: 90 }),
      },
      {
        id: 'vrf-office',
        schedule: 'office',
        ratedW: 5600,
        room: room('vrf-office', 60, {
          people: 8,
          equipmentW: 1500,
          idleW: 150,
          windowM2: [0, 0, 20, 0],
          lossWPerK: 60,
        }),
      },
    ],
  },
};
