import type { Befalls } from './run-air.ts';

/** Mondays at midnight. */
export const winter = '2026-01-19T00:00:00+08:00';
export const summer = '2026-07-20T00:00:00+08:00';
export const spring = '2026-04-13T00:00:00+08:00';
export const may = '2026-05-18T00:00:00+08:00';

export interface FaultCase {
  from: string;
  hours: number;
  befalls: readonly Befalls[];
  /** Every alarm that comes, once each, in the order of their names. */
  alarms: readonly string[];
}

export const faultCases: Record<string, FaultCase> = {
  'a clogging filter': {
    from: summer,
    hours: 9,
    befalls: [{ equipment: 'ahu-1', fault: 'filter-clogged', atH: 2, rampH: 4, severity: 0.65 }],
    alarms: ['ahu-1/filter-alarm#filter'],
  },
  'a supply fan that stops, and the air that gets stale': {
    from: summer,
    hours: 13,
    befalls: [{ equipment: 'ahu-2', fault: 'fan-failure', atH: 10 }],
    alarms: ['ahu-2/supply-fan-alarm#supply-fan', 'zone-high/co2#co2-high', 'zone-meeting/co2#co2-high'],
  },
  'an extract fan that stops': {
    from: winter,
    hours: 12,
    befalls: [{ equipment: 'ahu-1', fault: 'extract-fan-failure', atH: 10 }],
    alarms: ['ahu-1/extract-fan-alarm#extract-fan'],
  },
  'a rotor that stops': {
    from: winter,
    hours: 12,
    befalls: [{ equipment: 'ahu-2', fault: 'rotor-stopped', atH: 10 }],
    alarms: ['ahu-2/rotor-alarm#rotor'],
  },
  'no hot water and no rotor in frost': {
    from: winter,
    hours: 6,
    befalls: [
      { equipment: 'ahu-2', fault: 'heating-valve-stuck', atH: 2 },
      { equipment: 'ahu-2', fault: 'rotor-stopped', atH: 3 },
    ],
    alarms: ['ahu-2/frost-alarm#frost'],
  },
  'no electric heat and no rotor': {
    from: winter,
    hours: 6,
    befalls: [
      { equipment: 'ahu-1', fault: 'heater-failed', atH: 2 },
      { equipment: 'ahu-1', fault: 'rotor-stopped', atH: 3 },
    ],
    alarms: ['ahu-1/rotor-alarm#rotor', 'ahu-1/supply-temperature#supply-temperature-low'],
  },
  'a heater that cannot be switched off': {
    from: winter,
    hours: 3,
    befalls: [{ equipment: 'ahu-1', fault: 'heater-welded', atH: 1 }],
    alarms: ['ahu-1/supply-temperature#supply-temperature-high'],
  },
  'and without air over it': {
    from: winter,
    hours: 2,
    befalls: [
      { equipment: 'ahu-1', fault: 'heater-welded', atH: 1 },
      { equipment: 'ahu-1', fault: 'fan-failure', atH: 1.1 },
    ],
    alarms: ['ahu-1/overheat-alarm#overheat', 'ahu-1/supply-fan-alarm#supply-fan'],
  },
  'smoke in a duct': {
    from: summer,
    hours: 2,
    befalls: [{ equipment: 'ahu-2', fault: 'duct-smoke', atH: 1 }],
    alarms: ['ahu-2/fire-alarm#fire-alarm'],
  },
  'a damper that jams': {
    from: spring,
    hours: 24,
    befalls: [{ equipment: 'damper-ahu-3', fault: 'actuator-blocked', atH: 16 }],
    alarms: ['damper-ahu-3/service-info#service-info'],
  },
  'overrides that are left': {
    from: summer,
    hours: 12,
    befalls: [
      { equipment: 'vav-lobby-1', fault: 'override-left', atH: 9 },
      { equipment: 'valve-cooling-ahu-3', fault: 'override-left', atH: 9 },
    ],
    alarms: [
      'valve-cooling-ahu-3/override#override',
      'vav-lobby-1/override#override',
      'vav-lobby-1/relative-flow#flow-high',
    ],
  },
  'a box that cannot move': {
    from: summer,
    hours: 8,
    befalls: [{ equipment: 'vav-lobby-2', fault: 'actuator-blocked', atH: 2 }],
    alarms: ['vav-lobby-2/relative-flow#flow-high', 'vav-lobby-2/service-info#service-info'],
  },
  'a CO₂ sensor that drifts': {
    from: summer,
    hours: 10,
    befalls: [{ equipment: 'zone-high', fault: 'co2-sensor-drift', atH: 1, rampH: 6 }],
    alarms: ['zone-high/co2#co2-high'],
  },
  'a cell that fails': {
    from: summer,
    hours: 5,
    befalls: [{ equipment: 'zone-low', fault: 'sensor-battery-empty', atH: 1 }],
    alarms: ['zone-low/battery#battery-low'],
  },
  'doors that stand open on a damp night': {
    from: summer,
    hours: 50,
    befalls: [{ equipment: 'zone-lobby', fault: 'window-open', atH: 46 }],
    alarms: ['zone-lobby/humidity#humidity-high'],
  },
  'windows that stand open in winter': {
    from: winter,
    hours: 28,
    befalls: [{ equipment: 'zone-meeting', fault: 'window-open', atH: 19 }],
    alarms: ['zone-meeting/temperature#temperature-low'],
  },
  'a compressor that trips while another stands by': {
    from: summer,
    hours: 38,
    befalls: [{ equipment: 'chiller-1', fault: 'compressor-trip', atH: 35 }],
    alarms: ['chiller-1/shutdown-alarm#shutdown'],
  },
  'a chilled water pump that fails': {
    from: summer,
    hours: 38,
    befalls: [{ equipment: 'chiller-1', fault: 'chilled-water-pump-failed', atH: 35 }],
    alarms: ['chiller-1/shutdown-alarm#shutdown'],
  },
  'all cooling lost on a hot day': {
    from: summer,
    hours: 43,
    befalls: [
      { equipment: 'chiller-1', fault: 'compressor-trip', atH: 33 },
      { equipment: 'chiller-2', fault: 'compressor-trip', atH: 33 },
    ],
    alarms: [
      'chiller-1/shutdown-alarm#shutdown',
      'chiller-2/shutdown-alarm#shutdown',
      'zone-high/temperature#temperature-high',
      'zone-high/temperature#temperature-very-high',
      'zone-lobby/temperature#temperature-high',
      'zone-lobby/temperature#temperature-very-high',
      'zone-low/temperature#temperature-high',
      'zone-low/temperature#temperature-very-high',
      'zone-meeting/temperature#temperature-high',
    ],
  },
  'a tower fan that stops': {
    from: summer,
    hours: 34.5,
    befalls: [{ equipment: 'chiller-1', fault: 'tower-fan-failed', atH: 33 }],
    alarms: ['chiller-1/condensing-temperature#condensing-temperature-high', 'chiller-1/shutdown-alarm#shutdown'],
  },
  'a leak of refrigerant': {
    from: summer,
    hours: 38,
    befalls: [{ equipment: 'chiller-1', fault: 'low-refrigerant', atH: 33, rampH: 8 }],
    alarms: ['chiller-1/evaporating-temperature#evaporating-temperature-low', 'chiller-1/shutdown-alarm#shutdown'],
  },
  'a slide valve that is stuck at full load': {
    from: summer,
    hours: 26,
    befalls: [{ equipment: 'chiller-1', fault: 'slide-valve-stuck', atH: 22 }],
    alarms: ['chiller-1/evaporator-leaving-temperature#leaving-temperature-low'],
  },
  'a slide valve that is stuck at full load when the building takes next to nothing': {
    from: may,
    hours: 23,
    befalls: [{ equipment: 'chiller-1', fault: 'slide-valve-stuck', atH: 22 }],
    alarms: ['chiller-1/evaporator-leaving-temperature#leaving-temperature-low', 'chiller-1/shutdown-alarm#shutdown'],
  },
  'an indoor unit that is lost': {
    from: summer,
    hours: 38,
    befalls: [{ equipment: 'vrf-power-room', fault: 'indoor-unit-lost', atH: 34 }],
    alarms: ['vrf-power-room/comm-fault#comm-fault', 'vrf-power-room/room-temperature#room-too-warm'],
  },
  'a unit with drain, fan and filter trouble in turn': {
    from: summer,
    hours: 12,
    befalls: [
      { equipment: 'vrf-control-room', fault: 'drain-blocked', atH: 9, untilH: 9.1 },
      { equipment: 'vrf-control-room', fault: 'indoor-fan-locked', atH: 10, untilH: 10.1 },
      { equipment: 'vrf-control-room', fault: 'vrf-filter-dirty', atH: 11, severity: 0.6 },
    ],
    alarms: [
      'vrf-control-room/fault#fault',
      'vrf-control-room/filter-due#filter-due',
      'vrf-control-room/unit-alarm#unit-alarm',
    ],
  },
  'a unit that is left forced off': {
    from: summer,
    hours: 9,
    befalls: [{ equipment: 'vrf-office', fault: 'forced-off-left', atH: 8.5 }],
    alarms: ['vrf-office/forced-off#forced-off'],
  },
  'a VRF system that loses most of its refrigerant': {
    from: summer,
    hours: 9.2,
    befalls: [{ equipment: 'vrf-office', fault: 'refrigerant-leak', atH: 8, rampH: 1, severity: 0.7 }],
    alarms: ['control-room', 'machine-room', 'office', 'power-room'].map((room) => `vrf-${room}/warning#warning`),
  },
  'an office with an open window and no unit in winter': {
    from: winter,
    hours: 24,
    befalls: [
      { equipment: 'vrf-office', fault: 'indoor-unit-lost', atH: 20 },
      { equipment: 'vrf-office', fault: 'window-open', atH: 20 },
    ],
    alarms: ['vrf-office/comm-fault#comm-fault', 'vrf-office/room-temperature#room-too-cold'],
  },
};
