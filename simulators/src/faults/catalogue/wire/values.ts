import type { FaultSpec } from '../../fault-spec.ts';
import { modbus, ofPoint, wire } from './wire.ts';

/** The device answers, and what it says is wrong. */
export const values: readonly FaultSpec[] = [
  wire(
    'wire-stuck',
    {
      name: { zh: '数值卡死', en: 'Stuck values' },
      effect: { zh: '照常应答，但数值不再变化', en: 'Answers as usual, but with the values of that moment' },
      standsFor: { zh: '采集模块死机', en: 'Frozen acquisition' },
    },
    ofPoint,
  ),
  wire(
    'wire-drift',
    {
      name: { zh: '读数漂移', en: 'Reading drifts' },
      effect: { zh: '一个测点的读数逐渐偏离真值', en: 'The reading of one point moves away from the truth' },
      standsFor: { zh: '传感器老化或零点漂移', en: 'Sensor that ages or loses its zero' },
    },
    {
      point: 'needed',
      usualRampS: 30 * 86_400,
      severity: { zh: '偏差，1 为合理范围的 20 %', en: 'Offset, 20 % of the plausible range at 1' },
    },
  ),
  wire(
    'wire-noise',
    {
      name: { zh: '读数抖动', en: 'Reading shakes' },
      effect: { zh: '读数每秒随机抖动', en: 'The reading of the point shakes at random each second' },
      standsFor: { zh: '屏蔽层未接地或变频器干扰', en: 'Shield not earthed, or a drive that disturbs' },
    },
    {
      point: 'needed',
      severity: { zh: '幅度，1 为合理范围的 ±10 %', en: 'Amplitude, ±10 % of the plausible range at 1' },
    },
  ),
  wire(
    'wire-invalid',
    {
      name: { zh: '无效值', en: 'Invalid values' },
      effect: {
        zh: '数值为 NaN、厂家规定的无效码或 null',
        en: 'Values are NaN, the sentinel of the maker, or null, where the device can say so',
      },
      standsFor: { zh: '探头断线', en: 'Broken probe' },
    },
    ofPoint,
  ),
  wire(
    'wire-bounce',
    {
      name: { zh: '触点抖动', en: 'Contact bounces' },
      effect: { zh: '开关量随机翻转', en: 'The state flips at random' },
      standsFor: { zh: '辅助触点或接线松动', en: 'Loose auxiliary contact or terminal' },
    },
    {
      point: 'needed',
      severity: { zh: '每秒翻转的概率，1 为一半', en: 'Probability of being wrong in a second, a half at 1' },
    },
  ),
  wire(
    'wire-rollover',
    {
      name: { zh: '累计量翻转', en: 'Counter rolls over' },
      effect: {
        zh: '累计量先跳到接近满量程，走满后归零',
        en: 'The counter stands close to its end, and begins again at 0 there',
      },
      standsFor: { zh: '换上一块接近满度的旧表', en: 'An old meter, close to its end, put in the place of the former' },
    },
    {
      ...modbus,
      point: 'needed',
      severity: { zh: '距满量程，1 为 10 个单位', en: 'Distance from the end, 10 units at 1' },
    },
  ),
];
