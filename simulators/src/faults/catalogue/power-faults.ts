import type { FaultSpec } from '../fault-spec.ts';

export const powerFaults = [
  {
    id: 'phase-loss',
    kind: 'equipment',
    classes: ['power-meter'],
    name: { zh: '缺相', en: 'Phase loss' },
    effect: {
      zh: 'L2 电压和功率消失；进线缺相时所有回路同时缺相',
      en: 'Voltage and power of L2 vanish; on the incomer, of every feeder',
    },
    standsFor: { zh: '断相（熔断器熔断或接头松脱）', en: 'Lost phase (blown fuse or loose joint)' },
    onset: 'sudden',
    usualRampS: 0,
    severity: { zh: '失去的电压比例', en: 'Share of the voltage that is lost' },
  },
  {
    id: 'overload',
    kind: 'equipment',
    classes: ['power-meter'],
    name: { zh: '回路过载', en: 'Feeder overload' },
    effect: { zh: '电流和功率远超额定，进线随之上升', en: 'Current and power far above rated; the incomer follows' },
    standsFor: { zh: '持续过负荷', en: 'Lasting overload' },
    onset: 'gradual',
    usualRampS: 1800,
    severity: { zh: '1：为额定负荷的 1.2 倍之上', en: '1: 1.2 times the rated load on top' },
  },
] as const satisfies readonly FaultSpec[];
