import type { AlarmFacts } from '../domain/alarm-facts.ts';
import type { MessageItem, OutgoingMessage } from '../domain/message.ts';

export function testFacts(parts: Partial<AlarmFacts> = {}): AlarmFacts {
  return {
    alarm: 'hq/pump-1/discharge-pressure#LL',
    occurrence: 'hq/pump-1/discharge-pressure#LL@1.1',
    site: 'hq',
    siteName: { zh: '总部', en: 'Headquarters' },
    timeZone: 'Asia/Shanghai',
    equipment: 'hq/pump-1',
    equipmentName: { zh: '1号加压泵', en: 'Booster pump 1' },
    place: { zh: '塔楼B 地下二层 泵房', en: 'Tower B, Basement 2, Pump room' },
    building: { zh: '塔楼B', en: 'Tower B' },
    class: 'pump',
    system: 'water',
    name: { zh: '出口压力过低', en: 'Discharge pressure very low' },
    response: { zh: '检查进水阀门', en: 'Check the inlet valve' },
    priority: 'high',
    lifeSafety: false,
    atMs: Date.UTC(2026, 10, 23, 6, 5),
    value: { zh: '0.12 MPa', en: '0.12 MPa' },
    ...parts,
  };
}

export const fireFacts = (parts: Partial<AlarmFacts> = {}): AlarmFacts =>
  testFacts({
    alarm: 'hq/zone-3/alarm#fire',
    occurrence: 'hq/zone-3/alarm#fire@1.1',
    equipment: 'hq/zone-3',
    equipmentName: { zh: '三层防火分区', en: 'Fire zone 3' },
    class: 'fire-zone',
    system: 'fire',
    name: { zh: '火灾报警', en: 'Fire alarm' },
    response: { zh: '立即派人核实并组织疏散', en: 'Send somebody at once and evacuate' },
    priority: 'critical',
    lifeSafety: true,
    value: null,
    ...parts,
  });

export const testItem = (facts: AlarmFacts, parts: Partial<MessageItem> = {}): MessageItem => ({
  kind: 'alarm',
  facts,
  link: null,
  now: null,
  ...parts,
});

export function testMessage(items: MessageItem[], parts: Partial<OutgoingMessage> = {}): OutgoingMessage {
  const rank = items.some(({ facts }) => facts.lifeSafety) ? 0 : 2;
  return {
    id: 'id-1',
    kind: 'alarm',
    rank,
    language: 'zh-CN',
    createdMs: 0,
    address: '',
    mentions: [],
    items,
    flood: null,
    channelName: 'Robot',
    template: null,
    ...parts,
  };
}
