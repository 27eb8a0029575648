import { alarmCodes, transmitterKpa, warningCodes } from '../water/booster.ts';
import { motorData } from '../water/motor.ts';
import { setpointKpa } from '../water/network.ts';
import type { Pump } from '../water/pump.ts';
import { kpaPerMetre } from '../water/pump-curve.ts';
import { levelOf } from '../water/tank.ts';
import { boosterPowerW, isAtMaxSpeed, type Water } from '../water/water.ts';
import type { PointValues } from './point-values.ts';

const constantPressure = 4;
const automatic = 0;
const motorV = 380;
const busV = 540;
/** The non-drive end of a motor is the cooler one. */
const nonDriveEnd = 0.86;

export function boosterPoints(water: Water): PointValues {
  const { control, pumps } = water;
  const running = pumps.filter((pump) => pump.running);
  const sum = (of: (pump: Pump) => number): number => pumps.reduce((total, pump) => total + of(pump), 0);
  const lead = running[0];
  const hottest = (of: (pump: Pump) => number): number => Math.max(...pumps.map(of));
  const speed = lead?.speed ?? 0;
  const powerW = boosterPowerW(water);
  const rpm = speed * motorData.ratedSpeedRpm;
  // Both transmitters begin at atmospheric pressure.
  const inletKpa = Math.max(0, water.inletKpa);
  const flowM3h = Math.max(0, water.flowM3h);
  const bearingC = hottest((pump) => pump.motorBearingC);
  return {
    running: running.length > 0,
    enabled: true,
    remote: false,
    'low-flow-stop': control.lowFlowStop,
    'at-max-power': false,
    'at-max-speed': isAtMaxSpeed(water),
    alarm: control.alarmCode !== alarmCodes.none,
    warning: control.warningCode !== warningCodes.none,
    'alarm-code': control.alarmCode,
    'warning-code': control.warningCode,
    'control-mode': constantPressure,
    'operation-mode': automatic,
    'discharge-pressure': control.seenKpa,
    'inlet-pressure': inletKpa,
    'differential-pressure': Math.max(0, control.seenKpa - inletKpa),
    flow: flowM3h,
    volume: water.volumeM3,
    setpoint: (setpointKpa / transmitterKpa) * 100,
    'process-feedback': (control.seenKpa / transmitterKpa) * 100,
    'relative-performance': (speed * 100 * running.length) / pumps.length,
    speed: rpm,
    frequency: speed * motorData.ratedHz,
    current: sum((pump) => pump.currentA),
    'motor-voltage': speed * motorV,
    'bus-voltage': busV,
    torque: rpm > 0 && lead !== undefined ? lead.shaftW / ((rpm / 60) * 2 * Math.PI) : 0,
    power: powerW,
    energy: sum((pump) => pump.energyKwh),
    'specific-energy': flowM3h > 0.5 ? powerW / flowM3h : 0,
    'run-hours': Math.max(...pumps.map((pump) => pump.runS)) / 3600,
    'powered-hours': water.poweredS / 3600,
    starts: sum((pump) => pump.starts),
    'electronics-temperature': hottest((pump) => pump.electronicsC),
    'motor-temperature': hottest((pump) => pump.motorC),
    'liquid-temperature': water.tank.temperatureC,
    'bearing-temperature-de': bearingC,
    'bearing-temperature-nde': water.roomC + (bearingC - water.roomC) * nonDriveEnd,
  };
}

/** The X direction of a horizontal pump shakes a little less than Z. */
const xShare = 0.82;

export function pumpPoints(pump: Pump, water: Water): PointValues {
  const hz = pump.speed * motorData.ratedHz;
  const z = pump.vibrationMmS;
  const x = z * xShare;
  // Sinus-like when healthy: peak = √2 × RMS; impacts of a worn bearing raise the crest with the kurtosis.
  const crest = Math.SQRT2 + 1.4 + (pump.kurtosis - 2.9) * 0.7;
  const accelerationG = pump.running ? 0.12 + z * 0.03 + pump.hfAccelerationG * 0.6 : 0.01;
  const peakHz = ((pump.speed * motorData.ratedSpeedRpm) / 60) * pump.vibrationOrder;
  return {
    running: pump.running,
    speed: pump.speed * motorData.ratedSpeedRpm,
    frequency: hz,
    power: pump.powerW,
    current: pump.currentA,
    voltage: pump.speed * motorV,
    energy: pump.energyKwh,
    flow: pump.flowM3h,
    'inlet-pressure': water.inletKpa,
    'discharge-pressure': water.network.pressureKpa,
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

export function tankPoints({ tank, roomC }: Water): PointValues {
  // The transmitter hangs in one chamber; the switches are floats of their own.
  const level = tank.readingM;
  const floats = levelOf(tank);
  return {
    level,
    pressure: level * kpaPerMetre,
    temperature: tank.temperatureC,
    'sensor-temperature': tank.temperatureC + 0.05 * (roomC - tank.temperatureC),
    'level-switch-low': floats < 0.5,
    'level-switch-high': floats > 3,
  };
}
