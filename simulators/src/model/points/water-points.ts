import { alarmCodes, setpointKpa, transmitterKpa } from '../water/booster.ts';
import { type Pump, pumpData } from '../water/pump.ts';
import { levelOf } from '../water/tank.ts';
import { boosterPowerW, isAtMaxSpeed, type Water } from '../water/water.ts';
import type { PointValues } from './point-values.ts';

const constantPressure = 4;
const automatic = 0;

export function boosterPoints(water: Water): PointValues {
  const { control, pumps } = water;
  const running = pumps.filter((pump) => pump.running);
  const sum = (of: (pump: Pump) => number): number => pumps.reduce((total, pump) => total + of(pump), 0);
  const lead = running[0];
  const hottest = (of: (pump: Pump) => number): number => Math.max(...pumps.map(of));
  const speed = lead === undefined ? 0 : control.speed;
  const powerW = boosterPowerW(water);
  const rpm = speed * pumpData.ratedSpeedRpm;
  const headKpa = water.pressureKpa - water.inletKpa;
  return {
    running: running.length > 0,
    enabled: true,
    remote: false,
    'low-flow-stop': false,
    'at-max-power': false,
    'at-max-speed': isAtMaxSpeed(water),
    alarm: control.alarmCode !== alarmCodes.none,
    warning: false,
    'alarm-code': control.alarmCode,
    'warning-code': 0,
    'control-mode': constantPressure,
    'operation-mode': automatic,
    'discharge-pressure': water.pressureKpa,
    'inlet-pressure': water.inletKpa,
    'differential-pressure': headKpa,
    flow: water.flowM3h,
    volume: water.volumeM3,
    setpoint: (setpointKpa / transmitterKpa) * 100,
    'process-feedback': (water.pressureKpa / transmitterKpa) * 100,
    'relative-performance': (speed * 100 * running.length) / pumps.length,
    speed: rpm,
    frequency: speed * pumpData.ratedHz,
    current: sum((pump) => pump.currentA),
    'motor-voltage': speed * 380,
    'bus-voltage': 540,
    torque: rpm > 0 && lead !== undefined ? lead.powerW / ((rpm / 60) * 2 * Math.PI) : 0,
    power: powerW,
    energy: sum((pump) => pump.energyKwh),
    'specific-energy': water.flowM3h > 0.5 ? powerW / water.flowM3h : 0,
    'run-hours': Math.max(...pumps.map((pump) => pump.runS)) / 3600,
    'powered-hours': water.poweredS / 3600,
    starts: sum((pump) => pump.starts),
    'electronics-temperature': pumpData.roomC + 8 + powerW / 500,
    'motor-temperature': hottest((pump) => pump.motorC),
    'liquid-temperature': water.tank.temperatureC,
    'bearing-temperature-de': hottest((pump) => pump.bearingC),
    'bearing-temperature-nde': hottest((pump) => pump.bearingC) - 3,
  };
}

/** The X direction of a horizontal pump shakes a little less than Z. */
const xShare = 0.82;

export function pumpPoints(pump: Pump, water: Water): PointValues {
  const hz = pump.speed * pumpData.ratedHz;
  const z = pump.vibrationMmS;
  const x = z * xShare;
  // Sinus-like when healthy: peak = √2 × RMS; impacts of a worn bearing raise the crest with the kurtosis.
  const crest = Math.SQRT2 + 1.4 + (pump.kurtosis - 2.9) * 0.7;
  const accelerationG = pump.running ? 0.12 + z * 0.03 + pump.hfAccelerationG * 0.6 : 0.01;
  const peakHz = pump.running ? hz : 0;
  return {
    running: pump.running,
    speed: pump.speed * pumpData.ratedSpeedRpm,
    frequency: hz,
    power: pump.powerW,
    current: pump.currentA,
    voltage: pump.speed * 380,
    energy: pump.energyKwh,
    flow: pump.flowM3h,
    'inlet-pressure': water.inletKpa,
    'discharge-pressure': water.pressureKpa,
    'alarm-code': pump.tripCode,
    'run-hours': pump.runS / 3600,
    starts: pump.starts,
    'motor-temperature': pump.motorC,
    'bearing-temperature': pump.bearingC,
    'liquid-temperature': water.tank.temperatureC,
    'vibration-velocity-z': z,
    'vibration-velocity-x': x,
    'peak-velocity-z': z * Math.SQRT2,
    'peak-velocity-x': x * Math.SQRT2,
    'peak-velocity-frequency-z': peakHz,
    'peak-velocity-frequency-x': peakHz,
    'rms-acceleration-z': accelerationG,
    'rms-acceleration-x': accelerationG * xShare,
    'peak-acceleration-z': accelerationG * crest,
    'peak-acceleration-x': accelerationG * xShare * crest,
    'hf-acceleration-z': pump.hfAccelerationG,
    'hf-acceleration-x': pump.hfAccelerationG * xShare,
    'kurtosis-z': pump.kurtosis,
    'kurtosis-x': pump.kurtosis - 0.1,
    'crest-factor-z': crest,
    'crest-factor-x': crest - 0.05,
  };
}

export function tankPoints(water: Water): PointValues {
  const level = levelOf(water.tank);
  return {
    level,
    pressure: level * 9.80665,
    temperature: water.tank.temperatureC,
    'sensor-temperature': water.tank.temperatureC + 0.2,
    'level-switch-low': level < 0.5,
    'level-switch-high': level > 2.8,
  };
}
