import type { Ahu } from '../air/ahu.ts';
import type { MixingUnit } from '../air/mixing-unit.ts';
import type { VrfUnit } from '../air/vrf.ts';
import type { Zone } from '../air/zone.ts';
import type { PointValues } from './point-values.ts';

export function ahuPoints(ahu: Ahu, room: Zone | undefined): PointValues {
  const serious = [ahu.supplyFanAlarm, ahu.frostAlarm, ahu.overheatAlarm, ahu.fireAlarm];
  const lesser = [ahu.extractFanAlarm, ahu.rotorAlarm];
  const alarms = [...serious, ...lesser, ahu.filterAlarm].filter(Boolean).length;
  return {
    'user-mode': ahu.userMode,
    'supply-temperature': ahu.seenSupplyC,
    'supply-setpoint': ahu.supplySetpointC,
    'extract-temperature': ahu.extractC,
    'outdoor-temperature': ahu.outdoorC,
    'room-temperature': room?.airC ?? ahu.extractC,
    'frost-protection-temperature': ahu.frostC,
    'overheat-temperature': ahu.elementC,
    'extract-humidity': ahu.extractRh,
    'supply-fan-speed': ahu.supplyRpm,
    'extract-fan-speed': ahu.extractRpm,
    'supply-fan-output': ahu.supplyFanPct,
    'extract-fan-output': ahu.extractFanPct,
    'heater-output': ahu.heaterPct,
    'exchanger-output': ahu.exchangerPct,
    'cooler-output': ahu.coolerPct,
    'filter-time-left': ahu.filterLeftS,
    'fire-input': ahu.fireInput,
    'fire-alarm': ahu.fireAlarm,
    'frost-alarm': ahu.frostAlarm,
    defrosting: false,
    'supply-fan-alarm': ahu.supplyFanAlarm,
    'extract-fan-alarm': ahu.extractFanAlarm,
    'rotor-alarm': ahu.rotorAlarm,
    'filter-alarm': ahu.filterAlarm,
    'filter-warning': ahu.filterAlarm,
    'overheat-alarm': ahu.overheatAlarm,
    'alarm-a': serious.some(Boolean),
    'alarm-b': lesser.some(Boolean),
    'alarm-c': ahu.filterAlarm,
    'alarm-count': alarms,
  };
}

export function mixingUnitPoints(unit: MixingUnit): PointValues {
  return {
    'outdoor-temperature': unit.outdoorC,
    // A mixing section recovers by return air: its share stands for the efficiency.
    'exchanger-efficiency': unit.supply.kgS > 0.1 ? (100 * unit.returnKgS) / unit.supply.kgS : 0,
    'run-mode': unit.runMode,
    'supply-fan-hours': Math.floor(unit.supplyRunH),
    'extract-fan-hours': Math.floor(unit.extractRunH),
    'extended-run': 0,
    'supply-temperature': unit.seenSupplyC,
    'supply-setpoint': unit.supplySetpointC,
    'extract-temperature': unit.extractC,
    'mixed-temperature': unit.mixed.c,
  };
}

export function zonePoints(zone: Zone): PointValues {
  return {
    temperature: zone.seenC,
    humidity: zone.seenRh,
    co2: zone.seenCo2Ppm,
    battery: zone.batteryPct,
    'battery-voltage': 2.6 + zone.batteryPct * 0.0045,
    'link-quality': 120,
  };
}

/** Codes of the class: fan, heating, cooling. */
const vrfModes = { heating: 1, cooling: 2 } as const;

export function vrfPoints(unit: VrfUnit): PointValues {
  return {
    running: unit.running,
    'forced-off': unit.forcedOff,
    'fan-running': unit.running && unit.errorCode !== 'A6',
    heating: unit.heats && unit.thermoOn,
    'thermo-on': unit.thermoOn,
    'fan-speed': unit.fanSpeed,
    mode: unit.heats ? vrfModes.heating : vrfModes.cooling,
    'actual-mode': unit.heats ? vrfModes.heating : vrfModes.cooling,
    'filter-due': unit.filterDue,
    defrosting: unit.defrosting,
    setpoint: unit.setpointC,
    'room-temperature': unit.roomC,
    'comm-fault': unit.commFault,
    'error-code': unit.errorCode,
    'error-subcode': 0,
    fault: unit.fault,
    'unit-alarm': unit.unitAlarm,
    warning: unit.warning,
  };
}
