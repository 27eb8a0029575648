import type { Detector, DetectorState } from '../../model/fire/detector.ts';
import type { Fire } from '../../model/fire/fire.ts';
import type { Module, ModuleState } from '../../model/fire/module.ts';

/**
 * Point status words of the Notifier MODBUS-GW (LS10015-000NF-E): bit 14 pre-alarm, 13 trouble, 12 inactive, 11 active with the
 * event type in the low byte (0x10 fire alarm, 0x14 carbon monoxide, 0x40 supervisory equipment), 10 enabled, 9 disabled.
 */
export const notifierWord: Record<DetectorState | ModuleState, number> = {
  normal: 0x1400,
  'pre-alarm': 0x5400,
  fire: 0x0c10,
  co: 0x0c14,
  supervisory: 0x0c40,
  fault: 0x3400,
  disabled: 0x1200,
};

export const notProgrammed = 0xffff;
/** Loop 1: detectors at PDU 0-199, modules at 200-399. */
export const loopRegisters = { start: 0, count: 400 } as const;
const modulesFrom = 200;

export function notifierWords(detectors: readonly Detector[], modules: readonly Module[]): [number, number][] {
  return [
    ...detectors.map(({ address, state }): [number, number] => [address - 1, notifierWord[state]]),
    ...modules.map(({ address, state }): [number, number] => [modulesFrom + address - 1, notifierWord[state]]),
  ];
}

/** The words of the loop whenever a detector or a module has changed since the last time; lists that have not are the same. */
export function changedNotifierWords(): (loop: Pick<Fire, 'detectors' | 'modules'>) => [number, number][] {
  let last: Pick<Fire, 'detectors' | 'modules'> | undefined;
  return ({ detectors, modules }) => {
    if (last?.detectors === detectors && last.modules === modules) return [];
    last = { detectors, modules };
    return notifierWords(detectors, modules);
  };
}
