import type { Actuator } from '../air/actuator.ts';
import { type Chiller, chilledSetpointC } from '../air/chiller.ts';
import { airDensityKgM3 } from '../air/moist-air.ts';
import type { VavBox, VavBoxSpec } from '../air/vav-box.ts';
import type { PointValues } from './point-values.ts';

const runModes = { off: 0, starting: 1, running: 2 } as const;
/** A chiller says that it is limited when it has not reached its set point for this long. */
const limitedS = 300;

export function chillerPoints(chiller: Chiller, ratedW: number): PointValues {
  const mode = chiller.running
    ? runModes.running
    : chiller.enabled && chiller.tripped === 'none'
      ? runModes.starting
      : runModes.off;
  return {
    running: chiller.running,
    'run-mode': mode,
    'operating-mode': 0,
    'shutdown-alarm': chiller.tripped !== 'none',
    enabled: chiller.enabled && chiller.tripped === 'none',
    local: chiller.local,
    limited: chiller.shortS > limitedS,
    'chilled-water-flow': chiller.chilledPump,
    'condenser-water-flow': chiller.condenserPump,
    setpoint: chilledSetpointC,
    load: Math.min(150, (100 * chiller.compressorW) / ratedW),
    'evaporator-leaving-temperature': chiller.leavingC,
    'evaporator-entering-temperature': chiller.enteringC,
    'condenser-entering-temperature': chiller.condenserEnteringC,
    'condenser-leaving-temperature': chiller.condenserLeavingC,
    'evaporating-temperature': chiller.evaporatingC,
    'condensing-temperature': chiller.condensingC,
  };
}

export function actuatorPoints(actuator: Actuator): PointValues {
  return {
    setpoint: actuator.setpointPct,
    position: actuator.positionPct,
    override: actuator.override,
    'service-info': actuator.serviceInfo,
    minimum: 0,
    maximum: 100,
    'from-bus': false,
  };
}

export function vavPoints(box: VavBox, { nominalKgS }: VavBoxSpec): PointValues {
  const nominal = (nominalKgS / airDensityKgM3) * 3600;
  return {
    setpoint: box.setpointPct,
    position: box.positionPct,
    override: box.override,
    'relative-flow': box.seenFlowPct,
    flow: (box.seenFlowPct / 100) * nominal,
    'nominal-flow': nominal,
    'control-mode': 1,
    minimum: 40,
    maximum: 100,
    'from-bus': false,
    'service-info': box.serviceInfo,
  };
}
