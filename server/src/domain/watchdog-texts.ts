import type { AlarmGuidance, LocalText } from '@plantroom/contracts';

const minutes = 60_000;

const unseen: LocalText = {
  zh: '该处发生火警、困人或燃气泄漏时平台收不到、不会报警；消防控制器和轿厢对讲本身可能照常工作。',
  en: 'A fire, an entrapment or a gas leak there would not be told here; the panel and the intercom themselves may work as usual.',
};
const keepWatch: LocalText = {
  zh: '立即派人到消防控制器、电梯或探测器旁值守，恢复前不得离开；',
  en: 'Send somebody at once to keep watch at the panel, the cars or the detectors until it is back; ',
};

function unwatched(words: Record<'name' | 'cause' | 'mend', LocalText>): AlarmGuidance {
  const { name, cause, mend } = words;
  return {
    name: { zh: `生命安全监视中断：${name.zh}`, en: `Life safety unwatched: ${name.en}` },
    cause,
    consequence: unseen,
    response: { zh: keepWatch.zh + mend.zh, en: keepWatch.en + mend.en },
    timeToRespondMs: 5 * minutes,
  };
}

export const unwatchedByDevice = unwatched({
  name: { zh: '采集设备离线', en: 'device offline' },
  cause: { zh: '设备断电、通信线路断开或地址变更。', en: 'No power, a broken line or a changed address.' },
  mend: {
    zh: '检查设备电源、接线和通信指示灯。',
    en: 'check power, wiring and the communication lights of the device.',
  },
});

export const unwatchedByConnection = (connection: string): AlarmGuidance =>
  unwatched({
    name: { zh: `通信总线中断（${connection}）`, en: `connection lost (${connection})` },
    cause: {
      zh: '串口服务器或通信网关断电、拒绝连接，总线断线或短路。',
      en: 'The serial converter or communication gateway has no power or refuses, or the bus is cut or shorted.',
    },
    mend: {
      zh: '检查通信网关电源、指示灯和网线，再查总线接线与终端电阻；逐台设备无需处理。',
      en: 'check power, lights and cable of the converter, then the bus and its termination; the devices need no attention.',
    },
  });

export const unwatchedByGateway = unwatched({
  name: { zh: '网关离线', en: 'gateway offline' },
  cause: { zh: '网关断电、网络中断或程序停止。', en: 'No power, no network, or the gateway has stopped.' },
  mend: {
    zh: '检查网关电源和网络；该网关下其他设备同时失去监视，安排人工巡视。',
    en: 'check power and network of the gateway; everything else behind it is unwatched too and needs rounds.',
  },
});

export const unwatchedByOutbox = unwatched({
  name: { zh: '网关缓存无法写入', en: 'gateway outbox takes nothing' },
  cause: {
    zh: '网关磁盘已满、损坏，或文件被其他程序占用：读数留在内存，腾出空间前不上报。',
    en: 'The disk of the gateway is full or broken, or another program holds the file: readings stay in memory and are not told before there is room.',
  },
  mend: {
    zh: '清理网关磁盘或更换存储；原因见网关日志和“采集设备”页。',
    en: 'make room on the disk of the gateway or replace it; its log and the devices page give the reason.',
  },
});

export const unwatchedByLane = unwatched({
  name: { zh: '安全通道滞后', en: 'safety lane behind' },
  cause: {
    zh: '网关仍在上报，但其安全通道的读数超过一分钟未能完整送达：网络丢包、网关过载或程序异常。',
    en: 'The gateway is heard, but for more than a minute not all readings of its safety lane have come: losses on the network, an overloaded gateway or a fault of its program.',
  },
  mend: {
    zh: '检查网关的网络和负荷，必要时重启网关。',
    en: 'check network and load of the gateway, and restart it if need be.',
  },
});

export const signalGuidance = unwatched({
  name: { zh: '测点无有效值', en: 'no usable signal' },
  cause: {
    zh: '设备在线，但报警值中列出的测点无效、超时未更新或被设备拒绝读取：探头或模块故障，或固件、配置变更。',
    en: 'The device answers, but the points named in the value are invalid, no longer updated or refused: a sensor or module has failed, or firmware or configuration has changed.',
  },
  mend: {
    zh: '在设备页查看这些测点的质量原因，检查探头、模块和点表。',
    en: 'see the quality of these points on the page of the equipment, check sensors, modules and the register map.',
  },
});

export const brokerGuidance: AlarmGuidance = {
  name: { zh: '服务器与 MQTT 服务断开', en: 'Server without its MQTT broker' },
  cause: {
    zh: 'MQTT 服务停止、网络中断，或用户名、密码、证书变更。',
    en: 'The broker has stopped, the network is cut, or user, password or certificate have changed.',
  },
  consequence: {
    zh: '所有网关的数据都到不了平台：任何火警、困人、故障都不会报警；恢复后按真实时间补报。',
    en: 'Nothing of any gateway comes here: no fire, entrapment or fault is told until it is back; then all of it is, with its true time.',
  },
  response: {
    zh: '立即安排消防控制室和各机房人工值守；检查 MQTT 服务、网络和 PLANTROOM_MQTT_URL 设置，原因见服务器日志。',
    en: 'Have the fire control room and the plant rooms watched by people at once; check the broker, the network and PLANTROOM_MQTT_URL; the log of the server says why.',
  },
  timeToRespondMs: 5 * minutes,
};
