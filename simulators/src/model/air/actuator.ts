import type { Tick } from '../tick.ts';

/** A damper or valve actuator with position feedback, and the blade or plug that it moves. % open. */
export interface Actuator {
  id: string;
  setpointPct: number;
  /** What it reports. */
  positionPct: number;
  /** Where blade or plug is; elsewhere than the actuator when the linkage has come off. */
  bladePct: number;
  override: number;
  /** How long it has stood away from its set point, s. */
  awayS: number;
  serviceInfo: boolean;
}

export const newActuator = (id: string): Actuator => ({
  id,
  setpointPct: 0,
  positionPct: 0,
  bladePct: 0,
  override: 0,
  awayS: 0,
  serviceInfo: false,
});

/** End to end. */
const travelS = 90;
/** The actuator reports that it is held when it stands off by this much for this long. */
const awayPct = 5;
const awayLimitS = 60;
/** Codes of the override: open, closed; a run by hand goes to both ends. */
const overrideOpen = 1;
const overrideClosed = 2;
const handRunS = 240;

/** Left open by somebody, or run from end to end by hand; 0: neither. */
export function overrideOf(id: string, tick: Tick): number {
  if (tick.fault(id, 'override-left') > 0) return overrideOpen;
  if (tick.fault(id, 'actuator-run') === 0) return 0;
  return Math.floor(tick.nowMs / 1000 / handRunS) % 2 === 0 ? overrideOpen : overrideClosed;
}

/** Where an override holds it; undefined: it is not overridden. */
export function overriddenPct(override: number): number | undefined {
  if (override === 0) return undefined;
  return override === overrideOpen ? 100 : 0;
}

/**
 * `wantedPct` comes from the controller. Faults and activities are those of the actuator's own equipment id: blocked, linkage off
 * (the blade stays), and a run from end to end by hand. Without supply it stands.
 */
export function stepActuator(before: Actuator, wantedPct: number, { tick, powered }: { tick: Tick; powered: boolean }) {
  const { id } = before;
  const blocked = tick.fault(id, 'actuator-blocked') > 0;
  const override = overrideOf(id, tick);
  const goal = overriddenPct(override) ?? wantedPct;
  const reach = (100 / travelS) * tick.dtS;
  const move = blocked || !powered ? 0 : Math.max(-reach, Math.min(reach, goal - before.positionPct));
  const positionPct = before.positionPct + move;
  const away = Math.abs(goal - positionPct) > awayPct && move === 0;
  const awayS = away && powered ? before.awayS + tick.dtS : 0;
  return {
    ...before,
    setpointPct: wantedPct,
    positionPct,
    bladePct: tick.fault(id, 'linkage-loose') > 0 ? before.bladePct : positionPct,
    override,
    awayS,
    serviceInfo: awayS > awayLimitS || (before.serviceInfo && blocked && powered),
  };
}
