import type { FaultSpec } from '../fault-spec.ts';

export const drainageFaults = [
  {
    id: 'water-leak',
    kind: 'equipment',
    classes: ['leak-detector'],
    name: { zh: '漏水', en: 'Water leak' },
    effect: { zh: '漏水探测器动作（程度到一半时）', en: 'The detector is wetted (at half of the severity)' },
    standsFor: { zh: '管道渗漏（ISO 14224：ELP）', en: 'Pipe leaks (ISO 14224: ELP)' },
    onset: 'gradual',
    usualRampS: 600,
    severity: { zh: '到 0.5 时触点浸水', en: 'The contacts are wet from 0.5 on' },
  },
] as const satisfies readonly FaultSpec[];
