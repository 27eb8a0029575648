import { clamp, type Tick } from '../tick.ts';
import { overriddenPct, overrideOf } from './actuator.ts';

/** A box at the end of the duct: a damper and a flow sensor; its controller holds the flow. %. */
export interface VavBox {
  id: string;
  /** Of the nominal flow. */
  setpointPct: number;
  positionPct: number;
  override: number;
  kgS: number;
  /** What its flow sensor says, of nominal. */
  seenFlowPct: number;
  serviceInfo: boolean;
  awayS: number;
}

export interface VavBoxSpec {
  id: string;
  nominalKgS: number;
}

export const newVavBox = (id: string): VavBox => ({
  id,
  setpointPct: 40,
  positionPct: 28,
  override: 0,
  kgS: 0,
  seenFlowPct: 40,
  serviceInfo: false,
  awayS: 0,
});

/** Duct pressure at which 70 % open gives the nominal flow. */
export const designDuctPa = 250;
const nominalPositionPct = 70;
const travelS = 90;

export function stepVavBox(
  before: VavBox,
  spec: VavBoxSpec,
  input: { wantedPct: number; ductPa: number; tick: Tick; powered: boolean },
): VavBox {
  const { tick, ductPa, powered } = input;
  const { dtS } = tick;
  const jammed = tick.fault(spec.id, 'actuator-blocked') > 0;
  const openStuck = tick.fault(spec.id, 'vav-stuck-open');
  const override = overrideOf(spec.id, tick);
  const reach = (100 / travelS) * dtS;
  const drift = tick.fault(spec.id, 'vav-sensor-drift');
  const share = Math.sqrt(Math.max(0, ductPa) / designDuctPa);
  // It turns the damper until its sensor sees the set point.
  const errorPct = input.wantedPct - before.seenFlowPct;
  const goal = overriddenPct(override) ?? clamp(before.positionPct + errorPct * 0.5, 0, 100);
  const move = jammed || !powered ? 0 : clamp(goal - before.positionPct, -reach, reach);
  const positionPct = before.positionPct + move;
  const bladePct = positionPct + (100 - positionPct) * openStuck;
  const flowPct = (bladePct / nominalPositionPct) * 100 * share;
  const away = jammed && Math.abs(errorPct) > 5;
  const awayS = away ? before.awayS + dtS : 0;
  return {
    id: before.id,
    setpointPct: input.wantedPct,
    positionPct,
    override,
    kgS: (flowPct / 100) * spec.nominalKgS,
    seenFlowPct: flowPct * (1 - 0.6 * drift),
    serviceInfo: awayS > 60 || (before.serviceInfo && jammed),
    awayS,
  };
}
