import { lag } from '../tick.ts';

export type DetectorState = 'normal' | 'pre-alarm' | 'fire' | 'fault' | 'disabled';

/** A smoke detector by its loop address. */
export interface Detector {
  address: number;
  zone: string;
  state: DetectorState;
  /** Optical density in its chamber, %/m. */
  smoke: number;
  /** What dust adds to its reading, and what it has learned to take off again, %/m. */
  dirt: number;
  compensation: number;
}

/** GB 4715: a point smoke detector answers between 0.05 and 0.3 dB/m; these are a usual setting. */
const preAlarmSmoke = 2;
const fireSmoke = 4;
/** Pre-alarm ends a little below where it began. */
const hysteresis = 0.3;
/** The chamber behind its screen follows within seconds, and clears with the room. */
const fillS = 4;
const stimulusFillS = 1;
const clearS = 45;
/** Drift compensation follows in a day, and no further than this. */
const compensationS = 86_400;
const compensationMax = 1.5;
/** Dust of a detector that nobody cleans, at full severity. */
const dustMax = 4.5;

export function newDetector(address: number, zone: string): Detector {
  return { address, zone, state: 'normal', smoke: 0, dirt: 0, compensation: 0 };
}

export interface DetectorInput {
  /** Smoke around it, %/m. */
  around: number;
  /** Blown straight into it. */
  stimulus: boolean;
  /** 0 … 1. */
  dirty: number;
  fault: boolean;
  disabled: boolean;
  /** The panel has been reset: a fire that is no more is forgotten. */
  reset: boolean;
  dtS: number;
}

/** A fire stays at the panel until it is reset, as on every panel. */
export function stepDetector(before: Detector, input: DetectorInput): Detector {
  const { around, dtS } = input;
  const quiet =
    around === 0 && before.smoke === 0 && input.dirty === 0 && before.dirt === 0 && before.compensation === 0;
  if (quiet && before.state === 'normal' && !input.fault && !input.disabled) return before;
  const rising = around > before.smoke;
  const moved = lag(before.smoke, around, { dtS, tauS: rising ? (input.stimulus ? stimulusFillS : fillS) : clearS });
  const smoke = moved < 0.001 ? 0 : moved;
  const dirt = dustMax * input.dirty;
  const learned = lag(before.compensation, Math.min(compensationMax, dirt), { dtS, tauS: compensationS });
  const compensation = learned < 0.001 ? 0 : learned;
  const state = stateOf(before.state, { reading: smoke + dirt - compensation, ...input });
  return { ...before, state, smoke, dirt, compensation };
}

function stateOf(
  before: DetectorState,
  { reading, fault, disabled, reset }: DetectorInput & { reading: number },
): DetectorState {
  if (disabled) return 'disabled';
  if (fault) return 'fault';
  if (reading >= fireSmoke || (before === 'fire' && !reset)) return 'fire';
  return reading >= preAlarmSmoke - (before === 'pre-alarm' ? hysteresis : 0) ? 'pre-alarm' : 'normal';
}
