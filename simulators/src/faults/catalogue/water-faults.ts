import type { FaultSpec } from '../fault-spec.ts';

export const waterFaults = [
  {
    id: 'bearing-wear',
    kind: 'equipment',
    classes: ['pump'],
    name: { zh: '水泵轴承磨损', en: 'Pump bearing wear' },
    effect: {
      zh: '振动、峭度、轴承温度、功率和电流上升；机组让该泵领先运行',
      en: 'Vibration, kurtosis, bearing temperature, power and current rise; the set runs this pump as its lead',
    },
    standsFor: { zh: '磨损（ISO 14224：VIB）', en: 'Wear of a rolling bearing (ISO 14224: VIB)' },
    onset: 'gradual',
    usualRampS: 2592000,
    severity: { zh: '1：轴承即将卡死', en: '1: about to seize' },
  },
  {
    id: 'pump-trip',
    kind: 'equipment',
    classes: ['pump'],
    name: { zh: '水泵跳闸', en: 'Pump trip' },
    effect: {
      zh: '该泵停机，机组报代码 48，其余泵补上',
      en: 'The pump stops, the set shows code 48, the other pumps take over',
    },
    standsFor: { zh: '电机保护跳闸（ISO 14224：UST）', en: 'Motor protection trips (ISO 14224: UST)' },
    onset: 'sudden',
    usualRampS: 0,
    severity: { zh: '与程度无关', en: 'The same at any severity' },
  },
  {
    id: 'dry-run',
    kind: 'equipment',
    classes: ['booster-pump-set'],
    name: { zh: '泵组干转（吸水中断）', en: 'Booster set dry run (suction lost)' },
    effect: {
      zh: '进口压力消失，机组报代码 57 停机，出口压力下降',
      en: 'Inlet pressure is lost, the set stops with code 57, discharge pressure falls',
    },
    standsFor: { zh: '吸水中断（ISO 14224：LOO）', en: 'Loss of suction (ISO 14224: LOO)' },
    onset: 'sudden',
    usualRampS: 0,
    severity: {
      zh: '吸水阀关闭的比例；大于 0.5 时干转',
      en: 'How far the suction valve is shut; above 0.5 the pumps run dry',
    },
  },
] as const satisfies readonly FaultSpec[];
