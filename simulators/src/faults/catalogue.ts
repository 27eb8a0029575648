import type { LocalText } from '@plantroom/contracts';

/** A fault that can be switched on. */
export interface FaultSpec {
  id: string;
  name: LocalText;
  kind: 'equipment' | 'wire';
  /** Classes of equipment that it can befall; wire faults befall the devices that serve any equipment. */
  classes: readonly string[] | 'any';
  /** What follows from it, in words. */
  effect: LocalText;
}

export const faultCatalogue = [
  {
    id: 'bearing-wear',
    kind: 'equipment',
    classes: ['pump'],
    name: { zh: '水泵轴承磨损', en: 'Pump bearing wear' },
    effect: {
      zh: '振动、峭度、轴承温度、功率和电流上升;机组让该泵领先运行',
      en: 'Vibration, kurtosis, bearing temperature, power and current rise; the set runs this pump as its lead',
    },
  },
  {
    id: 'pump-trip',
    kind: 'equipment',
    classes: ['pump'],
    name: { zh: '水泵跳闸', en: 'Pump trip' },
    effect: {
      zh: '该泵停机,机组报代码 48,其余泵补上',
      en: 'The pump stops, the set shows code 48, the other pumps take over',
    },
  },
  {
    id: 'dry-run',
    kind: 'equipment',
    classes: ['booster-pump-set'],
    name: { zh: '泵组干转(吸水中断)', en: 'Booster set dry run (suction lost)' },
    effect: {
      zh: '进口压力消失,机组报代码 57 停机,出口压力下降',
      en: 'Inlet pressure is lost, the set stops with code 57, discharge pressure falls',
    },
  },
  {
    id: 'door-obstruction',
    kind: 'equipment',
    classes: ['elevator'],
    name: { zh: '电梯门被挡', en: 'Elevator door obstruction' },
    effect: {
      zh: '光幕动作,反复开关门后报 E49 停梯',
      en: 'The light curtain trips, the door reopens, then the car stops with E49',
    },
  },
  {
    id: 'door-lock',
    kind: 'equipment',
    classes: ['elevator'],
    name: { zh: '电梯门锁故障', en: 'Elevator door lock fault' },
    effect: { zh: '门锁回路断开,报 E53 停梯', en: 'The door lock chain opens, the car stops with E53' },
  },
  {
    id: 'safety-circuit',
    kind: 'equipment',
    classes: ['elevator'],
    name: { zh: '电梯安全回路断开', en: 'Elevator safety circuit open' },
    effect: { zh: '立即停梯并报 E41,可能困人', en: 'The car stops at once with E41, perhaps with people inside' },
  },
  {
    id: 'phase-loss',
    kind: 'equipment',
    classes: ['power-meter'],
    name: { zh: '缺相', en: 'Phase loss' },
    effect: {
      zh: 'L2 电压和功率消失;进线缺相时所有回路同时缺相',
      en: 'Voltage and power of L2 vanish; on the incomer, of every feeder',
    },
  },
  {
    id: 'overload',
    kind: 'equipment',
    classes: ['power-meter'],
    name: { zh: '回路过载', en: 'Feeder overload' },
    effect: { zh: '电流和功率远超额定,进线随之上升', en: 'Current and power far above rated; the incomer follows' },
  },
  {
    id: 'smoke',
    kind: 'equipment',
    classes: ['fire-zone'],
    name: { zh: '烟雾', en: 'Smoke' },
    effect: {
      zh: '探测器依次预警、报火警',
      en: 'Detectors give pre-alarm, then fire, one after the other',
    },
  },
  {
    id: 'detector-fault',
    kind: 'equipment',
    classes: ['fire-zone'],
    name: { zh: '探测器故障', en: 'Detector fault' },
    effect: { zh: '该区最后一个探测器报故障', en: 'The last detector of the zone reports trouble' },
  },
  {
    id: 'detector-disabled',
    kind: 'equipment',
    classes: ['fire-zone'],
    name: { zh: '探测器屏蔽', en: 'Detector disabled' },
    effect: { zh: '该区最后一个探测器被屏蔽', en: 'The last detector of the zone is disabled' },
  },
  {
    id: 'filter-clogged',
    kind: 'equipment',
    classes: ['ahu'],
    name: { zh: '过滤网堵塞', en: 'Filter clogged' },
    effect: {
      zh: '风机出力上升而风量下降,随后报过滤器报警',
      en: 'The fan works harder for less air, then the filter alarm comes',
    },
  },
  {
    id: 'fan-failure',
    kind: 'equipment',
    classes: ['ahu'],
    name: { zh: '送风机故障', en: 'Supply fan failure' },
    effect: {
      zh: '送风机停转并报警,送风温度和室温漂移',
      en: 'The supply fan stops with an alarm; supply and room temperature drift',
    },
  },
  {
    id: 'water-leak',
    kind: 'equipment',
    classes: ['leak-detector'],
    name: { zh: '漏水', en: 'Water leak' },
    effect: { zh: '漏水探测器动作(程度到一半时)', en: 'The detector is wetted (at half of the severity)' },
  },
  {
    id: 'wire-silence',
    kind: 'wire',
    classes: 'any',
    name: { zh: '设备无应答', en: 'Device silent' },
    effect: { zh: '该设备不再应答或上报', en: 'The device answers and publishes nothing' },
  },
  {
    id: 'wire-slow',
    kind: 'wire',
    classes: 'any',
    name: { zh: '应答缓慢', en: 'Slow answers' },
    effect: { zh: '应答延迟,最长 3 秒', en: 'Answers are late by up to 3 s' },
  },
  {
    id: 'wire-exception',
    kind: 'wire',
    classes: 'any',
    name: { zh: '应答异常码', en: 'Answers with exceptions' },
    effect: { zh: '以异常码 4 应答(仅 Modbus)', en: 'Answers with exception 4 (Modbus only)' },
  },
  {
    id: 'wire-stuck',
    kind: 'wire',
    classes: 'any',
    name: { zh: '数值卡死', en: 'Stuck values' },
    effect: { zh: '照常应答,但数值不再变化', en: 'Answers as usual, but with the values of that moment' },
  },
] as const satisfies readonly FaultSpec[];
