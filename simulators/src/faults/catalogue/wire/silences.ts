import type { FaultSpec } from '../../fault-spec.ts';
import { modbus, wire } from './wire.ts';

/** The device is not heard. */
export const silences: readonly FaultSpec[] = [
  wire('wire-silence', {
    name: { zh: '设备无应答', en: 'Device silent' },
    effect: { zh: '该设备不再应答或上报', en: 'The device answers and publishes nothing' },
    standsFor: { zh: '设备断电或线缆断开', en: 'Device without power or cable broken' },
  }),
  wire(
    'wire-flap',
    {
      name: { zh: '设备时断时续', en: 'Device comes and goes' },
      effect: {
        zh: '每 4 分钟一段时间无应答，其余时间正常',
        en: 'It is silent for a part of each 4 min and answers in the rest',
      },
      standsFor: { zh: '接线松动或电源接触不良', en: 'Loose terminal or failing power supply' },
    },
    { severity: { zh: '无应答时间的占比，1 为一半', en: 'Share of the time that it is silent, half of it at 1' } },
  ),
  wire(
    'wire-loss',
    {
      name: { zh: '应答丢失', en: 'Answers get lost' },
      effect: { zh: '部分应答或上报随机丢失', en: 'Some answers or messages never come, drawn at random' },
      standsFor: { zh: '线路干扰、终端电阻缺失或无线信号弱', en: 'Disturbed line, missing terminator or weak radio' },
    },
    { severity: { zh: '丢失比例', en: 'Share that is lost' } },
  ),
  wire(
    'wire-slow',
    {
      name: { zh: '应答缓慢', en: 'Slow answers' },
      effect: { zh: '应答延迟，最长 3 秒', en: 'Answers are late by up to 3 s' },
      standsFor: { zh: '串口网关繁忙', en: 'Busy serial gateway' },
    },
    { ...modbus, severity: { zh: '延迟，1 为 3 s', en: 'Delay, 3 s at 1' } },
  ),
  wire(
    'wire-restart',
    {
      name: { zh: '设备重启', en: 'Device restarts' },
      effect: { zh: '先无应答，之后累计量从 0 计起', en: 'First it is silent, then its counters count from 0' },
      standsFor: { zh: '看门狗复位或断电后累计值丢失', en: 'Watchdog reset or power cycle that loses the counters' },
    },
    { severity: { zh: '启动时间，1 为 30 s', en: 'Time that it takes to start, 30 s at 1' } },
  ),
  wire(
    'wire-refused',
    {
      name: { zh: '拒绝连接', en: 'Connection refused' },
      effect: {
        zh: '整条连接断开且拒绝重连，其后所有设备离线',
        en: 'The connection and everything behind it is gone, new ones are refused',
      },
      standsFor: {
        zh: '串口服务器端口关闭或程序退出',
        en: 'Serial server whose port is closed or whose program has ended',
      },
    },
    modbus,
  ),
  wire(
    'wire-half-open',
    {
      name: { zh: '假连接', en: 'Half-open connection' },
      effect: { zh: '能连上，但其后所有设备都不应答', en: 'Connections are accepted, and nobody behind them answers' },
      standsFor: { zh: '串口服务器死机，网络仍通', en: 'Serial server that hangs while its network still lives' },
    },
    modbus,
  ),
];
