import type { FaultSpec } from '../fault-spec.ts';

export const airFaults = [
  {
    id: 'filter-clogged',
    kind: 'equipment',
    classes: ['ahu'],
    name: { zh: '过滤网堵塞', en: 'Filter clogged' },
    effect: {
      zh: '风机出力上升而风量下降，随后报过滤器报警',
      en: 'The fan works harder for less air, then the filter alarm comes',
    },
    standsFor: { zh: '过滤网积尘（ISO 14224：PLU）', en: 'Filter plugged (ISO 14224: PLU)' },
    onset: 'gradual',
    usualRampS: 2592000,
    severity: { zh: '1：风量减少 55 %', en: '1: 55 % less air' },
  },
  {
    id: 'fan-failure',
    kind: 'equipment',
    classes: ['ahu'],
    name: { zh: '送风机故障', en: 'Supply fan failure' },
    effect: {
      zh: '送风机停转并报警，送风温度和室温漂移',
      en: 'The supply fan stops with an alarm; supply and room temperature drift',
    },
    standsFor: { zh: '风机或皮带损坏（ISO 14224：BRD）', en: 'Fan or belt broken (ISO 14224: BRD)' },
    onset: 'sudden',
    usualRampS: 0,
    severity: { zh: '与程度无关', en: 'The same at any severity' },
  },
] as const satisfies readonly FaultSpec[];
