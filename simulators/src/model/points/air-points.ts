import type { Ahu } from '../air/ahu.ts';
import type { Zone } from '../air/zone.ts';
import type { PointValues } from './point-values.ts';

const automatic = 0;

export function ahuPoints(ahu: Ahu, room: Zone | undefined): PointValues {
  const roomC = room?.temperatureC ?? ahu.extractC;
  const alarms = [ahu.supplyFanAlarm, ahu.filterAlarm].filter(Boolean).length;
  return {
    'user-mode': automatic,
    'supply-temperature': ahu.supplyC,
    'supply-setpoint': ahu.supplySetpointC,
    'extract-temperature': ahu.extractC,
    'outdoor-temperature': ahu.outdoorC,
    'room-temperature': roomC,
    'frost-protection-temperature': Math.max(12, ahu.supplyC + (ahu.heaterPct / 100) * 20),
    'overheat-temperature': Math.max(20, ahu.supplyC + (ahu.heaterPct / 100) * 25),
    'extract-humidity': room?.humidityPct ?? 50,
    'supply-fan-speed': ahu.supplyRpm,
    'extract-fan-speed': ahu.extractRpm,
    'supply-fan-output': ahu.supplyFanPct,
    'extract-fan-output': ahu.extractFanPct,
    'heater-output': ahu.heaterPct,
    'exchanger-output': ahu.exchangerPct,
    'cooler-output': ahu.coolerPct,
    'filter-time-left': ahu.filterAlarm ? 0 : ahu.filterLeftS,
    'fire-input': false,
    'fire-alarm': false,
    'frost-alarm': false,
    defrosting: false,
    'supply-fan-alarm': ahu.supplyFanAlarm,
    'extract-fan-alarm': false,
    'rotor-alarm': false,
    'filter-alarm': ahu.filterAlarm,
    'filter-warning': ahu.filterAlarm,
    'overheat-alarm': false,
    'alarm-a': ahu.supplyFanAlarm,
    'alarm-b': false,
    'alarm-c': ahu.filterAlarm,
    'alarm-count': alarms,
  };
}

export function zonePoints(zone: Zone): PointValues {
  return {
    temperature: zone.temperatureC,
    humidity: zone.humidityPct,
    battery: zone.batteryPct,
    'battery-voltage': 2.6 + zone.batteryPct * 0.0045,
    'link-quality': 120,
  };
}
