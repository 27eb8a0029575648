import type { FaultSpec } from '../../fault-spec.ts';
import { modbus, ofPoint, type Rest, type Texts, wire } from './wire.ts';

const exception = (id: string, code: number, texts: Texts, more: Rest = {}): FaultSpec =>
  wire(
    id,
    {
      ...texts,
      effect: {
        zh: `以异常码 ${code} 应答：${texts.effect.zh}`,
        en: `Answers with exception ${code}: ${texts.effect.en}`,
      },
    },
    { ...modbus, ...more },
  );

/** The device refuses. */
export const exceptions: readonly FaultSpec[] = [
  exception('wire-illegal-function', 1, {
    name: { zh: '功能码不支持', en: 'Function refused' },
    effect: { zh: '功能码不支持', en: 'illegal function' },
    standsFor: { zh: '换上了不同固件或型号的设备', en: 'Device exchanged for one of another firmware or model' },
  }),
  exception(
    'wire-illegal-address',
    2,
    {
      name: { zh: '寄存器不存在', en: 'Register refused' },
      effect: { zh: '地址不存在；可只针对一个测点', en: 'illegal address, of one point if one is named' },
      standsFor: {
        zh: '固件升级后寄存器变动，或选件模块被拔下',
        en: 'Registers that a new firmware or a pulled module does not have',
      },
    },
    ofPoint,
  ),
  exception('wire-illegal-value', 3, {
    name: { zh: '读取长度被拒', en: 'Length of the read refused' },
    effect: { zh: '数据值非法', en: 'illegal data value' },
    standsFor: { zh: '设备一次能答的寄存器比手册少', en: 'Device that answers fewer registers than its manual says' },
  }),
  exception('wire-exception', 4, {
    name: { zh: '应答异常码', en: 'Answers with exceptions' },
    effect: { zh: '设备故障', en: 'server device failure' },
    standsFor: { zh: '设备内部故障', en: 'Server device failure' },
  }),
  exception('wire-busy', 6, {
    name: { zh: '设备忙', en: 'Device busy' },
    effect: { zh: '设备忙，稍后再问', en: 'busy, ask later' },
    standsFor: { zh: '设备在写存储或被面板占用', en: 'Device that writes its memory or is held by its panel' },
  }),
  exception('wire-path-unavailable', 10, {
    name: { zh: '网关路径不可用', en: 'Gateway path unavailable' },
    effect: { zh: '网关无可用路径', en: 'gateway path unavailable' },
    standsFor: { zh: '串口网关过载或配置错误', en: 'Serial gateway overloaded or misconfigured' },
  }),
  exception('wire-target-silent', 11, {
    name: { zh: '网关后设备无应答', en: 'No answer behind the gateway' },
    effect: { zh: '网关的目标设备无响应', en: 'gateway target device failed to respond' },
    standsFor: { zh: '串口网关在线，其后设备断电', en: 'Serial gateway is there, the device behind it has no power' },
  }),
];
