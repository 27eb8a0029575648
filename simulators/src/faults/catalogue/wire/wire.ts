import type { LocalText } from '@plantroom/contracts';
import type { FaultSpec } from '../../fault-spec.ts';

export type Texts = Pick<FaultSpec, 'name' | 'effect' | 'standsFor'>;
export type Rest = Partial<Pick<FaultSpec, 'over' | 'point' | 'severity' | 'usualRampS'>>;

const sameAtAny: LocalText = { zh: '与程度无关', en: 'The same at any severity' };

/** A fault of the wire; left out: sudden, of either protocol, of the whole device. */
export function wire(id: string, texts: Texts, rest: Rest = {}): FaultSpec {
  const { severity = sameAtAny, usualRampS = 0, ...more } = rest;
  const onset = usualRampS > 0 ? 'gradual' : 'sudden';
  return { id, kind: 'wire', classes: 'any', ...texts, onset, usualRampS, severity, ...more };
}

export const modbus = { over: 'modbus' } as const;
export const mqtt = { over: 'mqtt' } as const;
export const ofPoint = { point: 'optional' } as const;
