import { type Drainage, sumpData, sumpLevelM } from '../drainage/drainage.ts';
import { type SumpPump, sumpPumpData } from '../drainage/sump-pump.ts';
import type { GasRoom } from '../gas/gas.ts';
import { kpaPerMetre } from '../water/pump-curve.ts';
import type { PointValues } from './point-values.ts';

const motorV = 380;
const busV = 540;

export function sumpPoints(drainage: Drainage): PointValues {
  const level = sumpLevelM(drainage);
  return { level, pressure: level * kpaPerMetre, 'level-switch-high': level >= sumpData.backupM };
}

export function sumpPumpPoints(pump: SumpPump): PointValues {
  const rpm = pump.speed * sumpPumpData.ratedSpeedRpm;
  return {
    running: pump.running,
    fault: pump.tripped,
    warning: false,
    'alarm-code': pump.tripped ? 4 : 0,
    speed: rpm,
    frequency: pump.speed * sumpPumpData.ratedHz,
    power: pump.powerW,
    current: pump.currentA,
    voltage: pump.speed * motorV,
    'bus-voltage': busV,
    torque: rpm > 0 ? (pump.powerW * 0.85) / ((rpm / 60) * 2 * Math.PI) : 0,
    energy: pump.energyKwh,
    'run-hours': pump.runS / 3600,
    starts: pump.starts,
    flow: pump.flowM3h,
    'electronics-temperature': pump.driveC,
  };
}

export function gasPoints(room: GasRoom): PointValues {
  return { 'gas-concentration': room.readingPct };
}
