import type { Tick } from '../tick.ts';
import type { Engine } from './generator-engine.ts';
import { isLockedOut, isTripped, newProtection, type Protection, stepProtection } from './generator-protection.ts';

/** The set's controller: mode, start sequence, protection. */
export interface Controller {
  state: 'stopped' | 'cranking' | 'resting' | 'running' | 'cooling';
  stateS: number;
  attempt: number;
  mode: 'stop' | 'auto' | 'test-on-load' | 'test-off-load';
  protection: Protection;
}

const attempts = 3;
const crankS = 10;
const restS = 10;
const coolS = 180;
const safetyOnS = 12;
const firedRpm = 700;

export function newController(): Controller {
  return { state: 'stopped', stateS: 0, attempt: 0, mode: 'auto', protection: newProtection() };
}

export interface ControllerInput {
  id: string;
  engine: Engine;
  volts: number;
  frequencyHz: number;
  /** Of the rated power. */
  loadShare: number;
  loaded: boolean;
  mainsFailed: boolean;
  mainsBack: boolean;
  tick: Tick;
}

/** Runs when the mains fail or a test asks for it, until the load has gone back and the engine has cooled. */
export function stepController(before: Controller, input: ControllerInput): Controller {
  const { id, tick } = input;
  const mode = modeOf(id, tick);
  const test = mode === 'test-on-load' || mode === 'test-off-load';
  const wanted = test || (mode === 'auto' && (input.mainsFailed || (before.state !== 'stopped' && !input.mainsBack)));
  const barred = mode === 'stop' || isLockedOut(before.protection);
  const { failed, ...next } = sequence(before, { ...input, wanted, barred });
  const isUp = before.state === 'running' && before.stateS > safetyOnS;
  const protection = stepProtection(before.protection, { ...input, isUp, failedToStart: failed });
  return { ...next, mode, protection };
}

/** A tripped set cools down without load. */
function modeOf(id: string, tick: Tick): Controller['mode'] {
  if (tick.fault(id, 'left-out-of-automatic') > 0) return 'stop';
  if (tick.fault(id, 'generator-load-test') > 0) return 'test-on-load';
  return tick.fault(id, 'generator-test') > 0 ? 'test-off-load' : 'auto';
}

type Sequence = Pick<Controller, 'state' | 'stateS' | 'attempt'> & { failed: boolean };

function sequence(
  { state, stateS, attempt, protection }: Controller,
  { engine, wanted, barred, loaded, tick }: ControllerInput & { wanted: boolean; barred: boolean },
): Sequence {
  const stay: Sequence = { state, stateS: stateS + tick.dtS, attempt, failed: false };
  const go = (to: Controller['state'], tried = 0): Sequence => ({
    state: to,
    stateS: 0,
    attempt: tried,
    failed: false,
  });
  if (barred) return state === 'stopped' ? stay : go('stopped');
  switch (state) {
    case 'stopped':
      return wanted && !isTripped(protection) ? go('cranking', 1) : stay;
    case 'cranking':
      if (engine.speedRpm > firedRpm) return go('running');
      if (!wanted) return go('stopped');
      if (stay.stateS < crankS) return stay;
      return attempt < attempts ? go('resting', attempt) : { ...go('stopped'), failed: true };
    case 'resting':
      if (!wanted) return go('stopped');
      return stay.stateS < restS ? stay : go('cranking', attempt + 1);
    case 'running':
      return isTripped(protection) || !(wanted || loaded) ? go('cooling') : stay;
    case 'cooling':
      if (wanted && !isTripped(protection)) return go('running');
      return stay.stateS < coolS ? stay : go('stopped');
  }
}
