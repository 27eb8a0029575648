import type { Tick } from '../tick.ts';

/** What stands behind a monitor module of the loop. The last three are contacts of the panel's power supply. */
export type ModuleKind =
  | 'call-point'
  | 'co-detector'
  | 'flow-switch'
  | 'valve'
  | 'supply-mains'
  | 'supply-battery'
  | 'supply-earth';

export interface ModuleSpec {
  address: number;
  kind: ModuleKind;
  /** Zone that it stands in; of the power supply the panel. */
  of: string;
}

export type ModuleState = 'normal' | 'fire' | 'co' | 'supervisory' | 'fault' | 'disabled';

export interface Module extends ModuleSpec {
  state: ModuleState;
}

export interface ModuleInput {
  /** Contacts of the power supply that are off normal. */
  supply: { mains: boolean; battery: boolean; earth: boolean };
  /** Carbon monoxide where it stands. */
  coPpm: number;
  lost: boolean;
  disabled: boolean;
  reset: boolean;
  tick: Tick;
}

/** Alarm of a carbon monoxide detector for fire and garages, and where it counts as gone. */
const coAlarmPpm = 100;
const coGonePpm = 50;

/** A call point holds what it was pressed for until the panel is reset; everything else follows its contact. */
export function stepModule(before: Module, input: ModuleInput): Module {
  const state = stateOf(before, input);
  return state === before.state ? before : { ...before, state };
}

function stateOf(
  { kind, of, state }: Module,
  { supply, coPpm, lost, disabled, reset, tick }: ModuleInput,
): ModuleState {
  if (disabled) return 'disabled';
  if (lost) return 'fault';
  switch (kind) {
    case 'call-point':
      return tick.fault(of, 'call-point-pressed') > 0 || (state === 'fire' && !reset) ? 'fire' : 'normal';
    case 'co-detector':
      return coPpm >= (state === 'co' ? coGonePpm : coAlarmPpm) ? 'co' : 'normal';
    case 'flow-switch':
      return tick.fault(of, 'sprinkler-flow') > 0 ? 'supervisory' : 'normal';
    case 'valve':
      return tick.fault(of, 'sprinkler-valve-shut') > 0 ? 'supervisory' : 'normal';
    case 'supply-mains':
      return supply.mains ? 'fault' : 'normal';
    case 'supply-battery':
      return supply.battery ? 'fault' : 'normal';
    case 'supply-earth':
      return supply.earth ? 'fault' : 'normal';
  }
}
