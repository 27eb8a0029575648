import type { FaultSpec } from '../fault-spec.ts';

export const fireFaults = [
  {
    id: 'smoke',
    kind: 'equipment',
    classes: ['fire-zone'],
    name: { zh: '烟雾', en: 'Smoke' },
    effect: {
      zh: '探测器依次预警、报火警',
      en: 'Detectors give pre-alarm, then fire, one after the other',
    },
    standsFor: { zh: '阴燃或明火', en: 'Smouldering or open fire' },
    onset: 'gradual',
    usualRampS: 60,
    severity: { zh: '起火处的烟雾浓度，1 为 12 %/m', en: 'Smoke at the seat, 12 %/m at 1' },
  },
  {
    id: 'detector-fault',
    kind: 'equipment',
    classes: ['fire-zone'],
    name: { zh: '探测器故障', en: 'Detector fault' },
    effect: { zh: '该区最后一个探测器报故障', en: 'The last detector of the zone reports trouble' },
    standsFor: { zh: '探测器失效', en: 'Detector failed' },
    onset: 'sudden',
    usualRampS: 0,
    severity: { zh: '与程度无关', en: 'The same at any severity' },
  },
  {
    id: 'detector-disabled',
    kind: 'equipment',
    classes: ['fire-zone'],
    name: { zh: '探测器屏蔽', en: 'Detector disabled' },
    effect: { zh: '该区最后一个探测器被屏蔽', en: 'The last detector of the zone is disabled' },
    standsFor: { zh: '探测器被屏蔽', en: 'Detector disabled' },
    onset: 'sudden',
    usualRampS: 0,
    severity: { zh: '与程度无关', en: 'The same at any severity' },
  },
] as const satisfies readonly FaultSpec[];
