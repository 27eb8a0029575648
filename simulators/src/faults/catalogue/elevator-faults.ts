import type { FaultSpec } from '../fault-spec.ts';

export const elevatorFaults = [
  {
    id: 'door-obstruction',
    kind: 'equipment',
    classes: ['elevator'],
    name: { zh: '电梯门被挡', en: 'Elevator door obstruction' },
    effect: {
      zh: '光幕动作，反复开关门后报 E49 停梯',
      en: 'The light curtain trips, the door reopens, then the car stops with E49',
    },
    standsFor: { zh: '门区异物或光幕遮挡', en: 'Something in the doorway or on the light curtain' },
    onset: 'sudden',
    usualRampS: 0,
    severity: { zh: '与程度无关', en: 'The same at any severity' },
  },
  {
    id: 'door-lock',
    kind: 'equipment',
    classes: ['elevator'],
    name: { zh: '电梯门锁故障', en: 'Elevator door lock fault' },
    effect: { zh: '门锁回路断开，报 E53 停梯', en: 'The door lock chain opens, the car stops with E53' },
    standsFor: { zh: '门锁触点断开', en: 'Door lock contact open' },
    onset: 'sudden',
    usualRampS: 0,
    severity: { zh: '与程度无关', en: 'The same at any severity' },
  },
  {
    id: 'safety-circuit',
    kind: 'equipment',
    classes: ['elevator'],
    name: { zh: '电梯安全回路断开', en: 'Elevator safety circuit open' },
    effect: { zh: '立即停梯并报 E41，可能困人', en: 'The car stops at once with E41, perhaps with people inside' },
    standsFor: { zh: '安全回路断开', en: 'Safety chain open' },
    onset: 'sudden',
    usualRampS: 0,
    severity: { zh: '与程度无关', en: 'The same at any severity' },
  },
] as const satisfies readonly FaultSpec[];
