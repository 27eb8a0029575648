import type { AirSpec } from './air/air.ts';
import { demoAir } from './air/demo-air.ts';
import type { DrainageIds } from './drainage/drainage.ts';
import type { CarSpec } from './elevator/car.ts';
import type { FireZoneSpec } from './fire/fire.ts';
import type { ModuleSpec } from './fire/module.ts';
import type { PowerIds } from './power/power.ts';
import type { WaterIds } from './water/water.ts';

/** What the building is made of. Ids are equipment ids of the site file. */
export interface BuildingSpec {
  timeZone: string;
  elevators: readonly CarSpec[];
  water: WaterIds;
  power: PowerIds;
  fire: { panel: string; zones: readonly FireZoneSpec[]; modules: readonly ModuleSpec[] };
  air: AirSpec;
  drainage: DrainageIds;
  leaks: readonly string[];
  gas: readonly string[];
}

/** The demo building; which detectors belong to a fire zone comes from the gateway file. */
export function demoBuilding(fireZones: readonly FireZoneSpec[]): BuildingSpec {
  const third = [1 / 3, 1 / 3, 1 / 3] as const;
  return {
    timeZone: 'Asia/Shanghai',
    elevators: [
      { id: 'elevator-1', kind: 'passenger' },
      { id: 'elevator-2', kind: 'passenger' },
      { id: 'elevator-3', kind: 'passenger' },
      { id: 'elevator-4', kind: 'goods' },
    ],
    water: { booster: 'booster-1', tank: 'tank-1', pumps: ['pump-1', 'pump-2', 'pump-3'] },
    power: {
      incomer: 'meter-incomer',
      feeders: [
        { id: 'meter-elevators', load: 'elevators', powerFactor: 0.91, shares: third, ratedW: 45_000, emergency: true },
        { id: 'meter-pumps', load: 'pumps', powerFactor: 0.92, shares: third, ratedW: 12_000, emergency: true },
        { id: 'meter-hvac', load: 'hvac', powerFactor: 0.92, shares: [0.34, 0.33, 0.33], ratedW: 130_000 },
        { id: 'meter-lighting', load: 'lighting', powerFactor: 0.95, shares: [0.36, 0.31, 0.33], ratedW: 30_000 },
        {
          id: 'meter-tenants-low',
          load: 'tenants',
          powerFactor: 0.95,
          shares: [0.31, 0.35, 0.34],
          ratedW: 90_000,
          shedByFireIn: ['fire-zone-low'],
        },
        {
          id: 'meter-tenants-high',
          load: 'tenants',
          powerFactor: 0.96,
          shares: [0.35, 0.32, 0.33],
          ratedW: 90_000,
          shedByFireIn: ['fire-zone-high'],
        },
        {
          id: 'meter-data-room',
          load: 'data-room',
          powerFactor: 0.97,
          shares: [0.33, 0.34, 0.33],
          ratedW: 25_000,
          emergency: true,
        },
        { id: 'meter-fire', load: 'fire', powerFactor: 0.9, shares: third, ratedW: 60_000, emergency: true },
      ],
      generator: 'generator-1',
      ups: 'ups-1',
    },
    fire: { panel: 'fire-panel-1', zones: fireZones, modules: fireModules },
    air: demoAir,
    drainage: { sump: 'sump-1', pumps: ['sump-pump-1', 'sump-pump-2'], floorSensor: 'leak-1' },
    leaks: ['leak-1', 'leak-2', 'leak-3'],
    gas: ['gas-1'],
  };
}

/** Monitor modules of the demo building's loop; the gateway file names the same addresses. */
const fireModules: readonly ModuleSpec[] = [
  ...['b1', 'pump-room', 'lobby', 'low', 'high', 'roof'].map(
    (zone, i): ModuleSpec => ({ address: i + 1, kind: 'call-point', of: `fire-zone-${zone}` }),
  ),
  ...['b1', 'lobby', 'low', 'high'].map(
    (zone, i): ModuleSpec => ({ address: i + 11, kind: 'flow-switch', of: `fire-zone-${zone}` }),
  ),
  ...['b1', 'lobby', 'low', 'high'].map(
    (zone, i): ModuleSpec => ({ address: i + 21, kind: 'valve', of: `fire-zone-${zone}` }),
  ),
  { address: 31, kind: 'co-detector', of: 'fire-zone-b1' },
  { address: 151, kind: 'supply-mains', of: 'fire-panel-1' },
  { address: 152, kind: 'supply-battery', of: 'fire-panel-1' },
  { address: 153, kind: 'supply-earth', of: 'fire-panel-1' },
];
