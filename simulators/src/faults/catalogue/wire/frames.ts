import type { FaultSpec } from '../../fault-spec.ts';
import { modbus, wire } from './wire.ts';

/** What comes is no answer to what was asked. */
export const frames: readonly FaultSpec[] = [
  wire(
    'wire-truncated',
    {
      name: { zh: '报文截断', en: 'Truncated frames' },
      effect: { zh: '应答缺最后两个字节', en: 'Answers lack their last two bytes' },
      standsFor: { zh: '串口网关切帧时间过短', en: 'Serial gateway that cuts frames too early' },
    },
    modbus,
  ),
  wire(
    'wire-corrupt',
    {
      name: { zh: '报文损坏', en: 'Damaged frames' },
      effect: {
        zh: '应答中有一位翻转：RTU 校验错，TCP 报文头错',
        en: 'A bit of the answer is turned: RTU fails its CRC, TCP its header',
      },
      standsFor: { zh: '线路干扰', en: 'Disturbance on the line' },
    },
    modbus,
  ),
  wire(
    'wire-mismatch',
    {
      name: { zh: '应答不对应请求', en: 'Answers to something else' },
      effect: {
        zh: 'TCP 事务号不符，串行线上功能码不符',
        en: 'Wrong transaction id over TCP, wrong function on a serial line',
      },
      standsFor: { zh: '串口网关把不同主站的应答弄混', en: 'Serial gateway that mixes up the answers of its masters' },
    },
    modbus,
  ),
  wire(
    'wire-other-unit',
    {
      name: { zh: '他机应答', en: 'Answers of another unit' },
      effect: { zh: '应答带的是下一个站号', en: 'Answers carry the next unit id' },
      standsFor: { zh: '两台设备站号冲突', en: 'Two devices on one line with mixed-up unit ids' },
    },
    modbus,
  ),
  wire(
    'wire-shifted',
    {
      name: { zh: '应答错位', en: 'Answers late by one' },
      effect: { zh: '每次收到的是上一个请求的应答', en: 'Each request is answered with the answer to the one before' },
      standsFor: { zh: '串口网关缓冲错位', en: 'Serial gateway whose buffer is one behind' },
    },
    modbus,
  ),
  wire(
    'wire-duplicate',
    {
      name: { zh: '应答重复', en: 'Answers come twice' },
      effect: { zh: '每个应答发送两遍', en: 'Each answer is sent twice' },
      standsFor: { zh: '串口网关重发或线路回波', en: 'Serial gateway that repeats, or an echo on the line' },
    },
    modbus,
  ),
  wire(
    'wire-cut',
    {
      name: { zh: '应答中途断线', en: 'Cut off while answering' },
      effect: { zh: '发出半个应答后断开连接', en: 'The connection is closed after half of an answer' },
      standsFor: { zh: '串口服务器重启或网络设备掐断连接', en: 'Serial server that restarts, or a firewall that cuts' },
    },
    modbus,
  ),
];
