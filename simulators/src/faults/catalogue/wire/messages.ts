import type { FaultSpec } from '../../fault-spec.ts';
import { mqtt, ofPoint, wire } from './wire.ts';

/** What is published is not what the profile expects. */
export const messages: readonly FaultSpec[] = [
  wire(
    'mqtt-garbage',
    {
      name: { zh: '上报乱码', en: 'Garbage messages' },
      effect: { zh: '报文不是完整的 JSON', en: 'Messages are broken JSON' },
      standsFor: { zh: '网桥内存耗尽或固件缺陷', en: 'Bridge out of memory, or a defect of its firmware' },
    },
    mqtt,
  ),
  wire(
    'mqtt-missing',
    {
      name: { zh: '字段缺失', en: 'Fields missing' },
      effect: { zh: '报文里没有数值字段', en: 'Messages lack the values, or the one that is named' },
      standsFor: { zh: '固件升级后字段改名', en: 'Fields renamed by a new firmware' },
    },
    { ...mqtt, ...ofPoint },
  ),
  wire(
    'mqtt-types',
    {
      name: { zh: '字段类型错误', en: 'Fields of another type' },
      effect: { zh: '数值成了说明文字', en: 'Values are words in place of numbers and states' },
      standsFor: { zh: '解析脚本出错', en: 'A converter script gone wrong' },
    },
    { ...mqtt, ...ofPoint },
  ),
  wire(
    'mqtt-duplicate',
    {
      name: { zh: '报文重复', en: 'Messages come twice' },
      effect: { zh: '每条报文发送两遍', en: 'Each message is published twice' },
      standsFor: {
        zh: '网桥重发，或两台网桥同时转发',
        en: 'Bridge that repeats, or two bridges that forward the same',
      },
    },
    mqtt,
  ),
  wire(
    'mqtt-reorder',
    {
      name: { zh: '报文乱序', en: 'Messages out of order' },
      effect: { zh: '每两条报文前后颠倒', en: 'Of each two messages the later comes first' },
      standsFor: { zh: '无线网中走了不同的路', en: 'Different ways through the radio network' },
    },
    mqtt,
  ),
  wire(
    'mqtt-clock',
    {
      name: { zh: '设备时钟跳变', en: 'Clock of the device jumps' },
      effect: { zh: '报文自带的时间落后', en: 'The time in its messages lies in the past' },
      standsFor: { zh: '网桥掉电后时钟未校准', en: 'Bridge without network time after a loss of power' },
    },
    { ...mqtt, severity: { zh: '落后的时间，1 为 24 h', en: 'How far it is behind, 24 h at 1' } },
  ),
  wire(
    'mqtt-retained',
    {
      name: { zh: '陈旧的保留消息', en: 'Old retained message' },
      effect: {
        zh: '设备不再上报，中间件留着它最后一条消息',
        en: 'The device publishes nothing more, the broker keeps its last message',
      },
      standsFor: {
        zh: '传感器失联，而网桥开启了保留消息',
        en: 'Sensor lost while the bridge has its messages retained',
      },
    },
    mqtt,
  ),
];
