import { fuelPct, type Generator, generatorData } from '../power/generator.ts';
import type { Controller } from '../power/generator-control.ts';
import { alarmLevels, generatorAlarms, levelOf } from '../power/generator-protection.ts';
import { lineVolts, sum } from '../power/meter.ts';
import type { PointValues } from './point-values.ts';

/** Codes of the class's enums. */
const modeCode: Record<Controller['mode'], number> = { stop: 0, auto: 2, 'test-on-load': 3, 'test-off-load': 6 };
const stateCode: Record<Controller['state'], number> = { stopped: 0, cranking: 1, resting: 1, running: 3, cooling: 5 };
const warmS = 3;

export function generatorPoints(generator: Generator): PointValues {
  const { engine, control, voltsV, activeW, currentA, mainsV } = generator;
  const levels = generatorAlarms.map((alarm) => levelOf(control.protection, alarm));
  const warming = control.state === 'running' && control.stateS < warmS;
  const powerW = sum(activeW);
  const [v1 = 0, v2 = 0, v3 = 0] = voltsV;
  return {
    running: control.state === 'running' || control.state === 'cooling',
    'engine-state': warming ? 2 : stateCode[control.state],
    mode: modeCode[control.mode],
    auto: control.mode === 'auto',
    warning: levels.includes(alarmLevels.warning),
    shutdown: levels.includes(alarmLevels.shutdown),
    'electrical-trip': levels.includes(alarmLevels.electricalTrip),
    'engine-speed': engine.speedRpm,
    'oil-pressure': engine.oilKpa,
    'oil-temperature': engine.oilC,
    'coolant-temperature': engine.coolantC,
    'fuel-level': fuelPct(generator),
    'battery-voltage': engine.batteryV,
    'charge-alternator-voltage': engine.alternatorV,
    frequency: generator.frequencyHz,
    'voltage-l1': v1,
    'voltage-l2': v2,
    'voltage-l3': v3,
    'voltage-l12': lineVolts(v1, v2),
    'voltage-l23': lineVolts(v2, v3),
    'voltage-l31': lineVolts(v3, v1),
    'current-l1': currentA[0] ?? 0,
    'current-l2': currentA[1] ?? 0,
    'current-l3': currentA[2] ?? 0,
    'power-l1': activeW[0] ?? 0,
    'power-l2': activeW[1] ?? 0,
    'power-l3': activeW[2] ?? 0,
    power: powerW,
    load: (powerW / generatorData.ratedW) * 100,
    'mains-frequency': generator.mainsHz,
    'mains-voltage-l1': mainsV[0] ?? 0,
    'mains-voltage-l2': mainsV[1] ?? 0,
    'mains-voltage-l3': mainsV[2] ?? 0,
    'run-hours': engine.runS / 3600,
    starts: engine.starts,
    energy: generator.energyKwh,
  };
}
