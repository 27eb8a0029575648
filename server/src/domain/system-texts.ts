import type { AlarmGuidance, LocalText } from '@plantroom/contracts';

const minutes = 60_000;

export const offlineGuidance = (name: LocalText, what: 'device' | 'gateway'): AlarmGuidance => ({
  name,
  cause:
    what === 'device'
      ? { zh: '设备断电、通信线路断开或地址变更。', en: 'No power, a broken line or a changed address.' }
      : { zh: '网关断电、网络中断或程序停止。', en: 'No power, no network, or the gateway has stopped.' },
  consequence:
    what === 'device'
      ? {
          zh: '其测点不再更新，相关告警保持原状且不可信。',
          en: 'Its points are no longer updated; their alarms keep their state and are uncertain.',
        }
      : { zh: '该网关下所有设备失去监视。', en: 'Everything behind this gateway is unwatched.' },
  response:
    what === 'device'
      ? {
          zh: '检查设备电源、接线和通信指示灯。时断时续多为接线松动，此时连续正常 10 min 才恢复。',
          en: 'Check power, wiring and the communication lights. What comes and goes is mostly a loose terminal; it then returns when it has been well for 10 min.',
        }
      : {
          zh: '检查网关电源和网络；期间安排人工巡视。',
          en: 'Check power and network of the gateway; patrol by hand meanwhile.',
        },
  timeToRespondMs: (what === 'device' ? 60 : 15) * minutes,
});

export const connectionGuidance = (connection: string): AlarmGuidance => ({
  name: { zh: `通信总线中断（${connection}）`, en: `Connection lost (${connection})` },
  cause: {
    zh: '串口服务器或通信网关断电、拒绝连接，总线断线或短路。',
    en: 'The serial converter or communication gateway has no power or refuses, or the bus is cut or shorted.',
  },
  consequence: {
    zh: '该总线上的设备全部失去监视；设备本身可能正常运行。',
    en: 'No device on this connection is watched; the equipment itself may run as usual.',
  },
  response: {
    zh: '检查通信网关电源、指示灯和网线，再查总线接线与终端电阻；逐台设备无需处理。',
    en: 'Check power, lights and cable of the converter, then the bus and its termination; the devices need no attention.',
  },
  timeToRespondMs: 30 * minutes,
});

export const outboxGuidance: AlarmGuidance = {
  name: { zh: '网关缓存无法写入', en: 'Gateway outbox takes nothing' },
  cause: {
    zh: '网关磁盘已满、损坏，或文件被其他程序占用。',
    en: 'The disk of the gateway is full or broken, or another program holds the file.',
  },
  consequence: {
    zh: '读数只存于内存：断网或断电时会丢失。',
    en: 'Readings are held in memory only: an outage or a power cut would lose them.',
  },
  response: {
    zh: '清理网关磁盘或更换存储；原因见网关日志和“采集设备”页。',
    en: 'Make room on the disk of the gateway or replace it; its log and the devices page give the reason.',
  },
  timeToRespondMs: 60 * minutes,
};

export const channelGuidance = (channel: string): AlarmGuidance => ({
  name: { zh: `通知渠道故障（${channel}）`, en: `Notification channel fails (${channel})` },
  cause: {
    zh: '服务器无法访问接收方，地址、密钥或账号有误，或接收方停止服务。',
    en: 'The server cannot reach the receiver, its address, key or account is wrong, or the receiver is down.',
  },
  consequence: {
    zh: '经该渠道发送的告警通知送不到人；已改用其他联系方式的除外。',
    en: 'Nobody is told of alarms through this channel; people with another contact are told by that one.',
  },
  response: {
    zh: '在“告警通知”页查看失败原因并发送测试消息；修复前安排专人盯守告警页面。',
    en: 'See the reason on the page of notifications and send a test message; until it is mended have somebody watch the alarms.',
  },
  timeToRespondMs: 30 * minutes,
});
