import type { LocalText } from '@plantroom/contracts';
import type { FaultSpec } from '../fault-spec.ts';

type Texts = Pick<FaultSpec, 'name' | 'effect' | 'standsFor'>;
type Rest = Partial<Pick<FaultSpec, 'over' | 'point' | 'severity' | 'usualRampS'>>;

const sameAtAny: LocalText = { zh: '与程度无关', en: 'The same at any severity' };

function wire(id: string, texts: Texts, rest: Rest = {}): FaultSpec {
  const { severity = sameAtAny, usualRampS = 0, ...more } = rest;
  const onset = usualRampS > 0 ? 'gradual' : 'sudden';
  return { id, kind: 'wire', classes: 'any', ...texts, onset, usualRampS, severity, ...more };
}

const modbus = { over: 'modbus' } as const;
const mqtt = { over: 'mqtt' } as const;
const ofPoint = { point: 'optional' } as const;

/** The device is not heard. */
const silences = [
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
] as const;

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

const exceptions = [
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
] as const;

const frames = [
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
] as const;

/** The device answers, and what it says is wrong. */
const values = [
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
] as const;

const messages = [
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
] as const;

export const wireFaults: readonly FaultSpec[] = [...silences, ...exceptions, ...frames, ...values, ...messages];
