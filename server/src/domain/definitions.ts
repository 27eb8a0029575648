import {
  type AlarmDefinition,
  type AlarmGuidance,
  deviceOfflineName,
  gatewayOfflineName,
  type LocalText,
  type PointLimit,
  pointId,
  type SuppressionGroup,
} from '@plantroom/contracts';
import { type ClassAlarm, type ClassSuppression, type EquipmentClass, parseDuration } from '@plantroom/device-profiles';

import {
  channelGuidance,
  connectionGuidance,
  genericGuidance,
  genericOrder,
  offlineGuidance,
  outboxGuidance,
} from './limit-texts.ts';
import type { OrderTemplate } from './work-orders/policy.ts';

const defaultSettleMs = 60_000;
/** A link that is back within this time was no outage (a restart, a roaming modem). */
const deviceOfflineDelayMs = 5_000;
const gatewayOfflineDelayMs = 10_000;
const deviceCauseWaitMs = 60_000;
/** What is read through a link comes back one after the other. */
const linkSettleMs = 60_000;
/** What a lost link hides: that others are not heard. What they said before stands. */
const silence: string[] = ['offline', 'no-data'];

export interface EquipmentForAlarms {
  /** `<site>/<equipment>` */
  id: string;
  /** Undefined: the class is not in the catalogue; only site limits give alarms then. */
  class: EquipmentClass | undefined;
}

/** Pure: the class's alarms for one equipment, with the site's limits laid over them. */
export function equipmentDefinitions(
  equipment: EquipmentForAlarms,
  limits: readonly { point: string; limit: PointLimit }[],
): AlarmDefinition[] {
  const definitions = Object.entries(equipment.class?.alarms ?? {}).map(([rule, alarm]) =>
    classDefinition(equipment, rule, alarm),
  );
  for (const { point, limit } of limits) {
    const at = definitions.findIndex((d) => d.source === point && isLimit(d, limit.kind));
    const base = definitions[at];
    if (base === undefined) definitions.push(siteDefinition(equipment, point, { limit, among: definitions }));
    else definitions[at] = override(base, limit);
  }
  return definitions;
}

export function deviceDefinition(device: { id: string; equipment: readonly string[] }): AlarmDefinition {
  const [only, ...others] = device.equipment;
  return {
    ...offline(device.id, deviceOfflineDelayMs),
    equipment: only !== undefined && others.length === 0 ? only : null,
    priority: 'medium',
    guidance: offlineGuidance(deviceOfflineName, 'device'),
    // The devices of a connection are given up one after the other.
    causeWaitMs: deviceCauseWaitMs,
    suppresses: [{ over: ['device'], alarms: { conditions: silence }, settleMs: linkSettleMs }],
  };
}

/** One alarm for a connection on which nothing answers; for one device alone that device's says it. */
export function connectionDefinition(id: string): AlarmDefinition {
  const { connection = '' } = parseConnectionId(id) ?? {};
  return {
    ...offline(id, deviceOfflineDelayMs),
    equipment: null,
    priority: 'high',
    guidance: connectionGuidance(connection),
    suppresses: [{ over: ['connection'], alarms: { conditions: silence }, settleMs: linkSettleMs }],
  };
}

export function gatewayDefinitions(gateway: string): AlarmDefinition[] {
  const ofGateway = { equipment: null, priority: 'high' } as const;
  return [
    {
      ...offline(gateway, gatewayOfflineDelayMs),
      ...ofGateway,
      guidance: offlineGuidance(gatewayOfflineName, 'gateway'),
      suppresses: [{ over: ['gateway'], alarms: { conditions: silence }, settleMs: linkSettleMs }],
    },
    {
      ...offline(outboxSource(gateway), 0),
      ...ofGateway,
      id: outboxSource(gateway),
      condition: { type: 'off-normal', values: [true] },
      guidance: outboxGuidance,
    },
  ];
}

/** `id` and `name` of a channel by which people are told. */
export function channelDefinition(site: string, { id, name }: { id: string; name: string }): AlarmDefinition {
  const source = channelSource(site, id);
  return {
    ...offline(source, 0),
    id: source,
    equipment: null,
    priority: 'high',
    condition: { type: 'off-normal', values: [true] },
    guidance: channelGuidance(name),
  };
}

/** What tells whether a notification channel fails: true when it does. No device has this id. */
export const channelSource = (site: string, channel: string): string => `${site}/notifications#channel/${channel}`;

/** The channel that an alarm is about; null: it is about something else. */
export function channelOfAlarm(alarm: string): string | null {
  return alarm.split('/notifications#channel/')[1] ?? null;
}

/** What tells whether the outbox of a gateway takes readings: true when it does not. No device has this id. */
export const outboxSource = (gateway: string): string => `${gateway}#outbox`;

/** What tells whether anything answers on a connection. No device has this id. */
export const connectionId = (gateway: string, connection: string): string => `${gateway}#line/${connection}`;

export function parseConnectionId(id: string): { gateway: string; connection: string } | null {
  const [gateway, connection] = id.split('#line/');
  return gateway === undefined || connection === undefined ? null : { gateway, connection };
}

/** Pure: what the order is about and how it is mended. Null when the alarm opens none. */
export function orderTemplate(
  definition: AlarmDefinition,
  equipmentClass: EquipmentClass | undefined,
  pointName: LocalText,
): OrderTemplate | null {
  const failureMode = definition.failureMode;
  if (!definition.opensOrder || definition.equipment === null || failureMode === undefined) return null;
  const order = equipmentClass?.failureModes[failureMode]?.order ?? genericOrder(pointName);
  const { title, skills, checklist, minutes } = order;
  return { failureMode, title, skills, checklist, minutes };
}

const isLimit = (definition: AlarmDefinition, kind: PointLimit['kind']): boolean =>
  definition.condition.type === 'limit' && definition.condition.kind === kind;

function classDefinition(equipment: EquipmentForAlarms, rule: string, alarm: ClassAlarm): AlarmDefinition {
  const [site = '', name = ''] = equipment.id.split('/');
  const source = pointId(site, name, alarm.point);
  return {
    id: `${source}#${rule}`,
    source,
    equipment: equipment.id,
    origin: 'class',
    enabled: true,
    condition: alarm.condition,
    ...(alarm.enabledWhen === undefined ? {} : { enabledWhen: alarm.enabledWhen }),
    onDelayMs: parseDuration(alarm.onDelay),
    offDelayMs: parseDuration(alarm.offDelay),
    priority: alarm.priority,
    latching: alarm.latching ?? false,
    lifeSafety: alarm.lifeSafety ?? false,
    opensOrder: alarm.opensOrder,
    ...(alarm.failureMode === undefined ? {} : { failureMode: alarm.failureMode }),
    ...(alarm.reAlarm === undefined ? {} : { reAlarmMs: parseDuration(alarm.reAlarm) }),
    ...(alarm.reAlarmLimit === undefined ? {} : { reAlarmLimit: alarm.reAlarmLimit }),
    ...suppressionOf(alarm),
    guidance: {
      name: alarm.name,
      cause: alarm.cause,
      consequence: alarm.consequence,
      response: alarm.response,
      timeToRespondMs: parseDuration(alarm.timeToRespond),
    },
  };
}

function suppressionOf({ suppresses, causeWait }: ClassAlarm) {
  return {
    ...(suppresses === undefined ? {} : { suppresses: suppresses.map(suppressionGroup) }),
    ...(causeWait === undefined ? {} : { causeWaitMs: parseDuration(causeWait) }),
  };
}

/** With the settling time that a file leaves out. */
export function suppressionGroup({ over, alarms, hides, settle }: ClassSuppression): SuppressionGroup {
  const settleMs = settle === undefined ? defaultSettleMs : parseDuration(settle);
  return { over, ...(alarms === undefined ? {} : { alarms }), ...(hides === undefined ? {} : { hides }), settleMs };
}

function siteDefinition(
  equipment: EquipmentForAlarms,
  source: string,
  { limit, among }: { limit: PointLimit; among: readonly AlarmDefinition[] },
): AlarmDefinition {
  const point = source.split('/').at(-1) ?? source;
  const name = equipment.class?.points[point]?.name ?? { zh: point, en: point };
  // The class knows best what is wrong when this point is off; else the point itself names the trouble.
  const failureMode = among.find((d) => d.source === source && d.failureMode !== undefined)?.failureMode;
  return {
    id: `${source}#${limit.kind}`,
    source,
    equipment: equipment.id,
    origin: 'site',
    enabled: limit.enabled,
    condition: conditionOf(limit, undefined),
    onDelayMs: limit.onDelayMs ?? 0,
    offDelayMs: limit.offDelayMs ?? 0,
    priority: limit.priority,
    latching: false,
    lifeSafety: false,
    opensOrder: limit.opensOrder,
    failureMode: failureMode ?? `${point}-out-of-limits`,
    guidance: withWords(genericGuidance(name, limit.kind), limit.guidance),
  };
}

function override(base: AlarmDefinition, limit: PointLimit): AlarmDefinition {
  const point = base.source.split('/').at(-1) ?? base.source;
  return {
    ...base,
    origin: 'site',
    enabled: limit.enabled,
    condition: conditionOf(limit, base),
    onDelayMs: limit.onDelayMs ?? base.onDelayMs,
    offDelayMs: limit.offDelayMs ?? base.offDelayMs,
    priority: limit.priority,
    opensOrder: limit.opensOrder,
    failureMode: base.failureMode ?? `${point}-out-of-limits`,
    guidance: withWords(base.guidance, limit.guidance),
  };
}

function conditionOf(limit: PointLimit, base: AlarmDefinition | undefined): AlarmDefinition['condition'] {
  const inherited = base?.condition.type === 'limit' ? base.condition.deadband : undefined;
  const deadband = limit.deadband ?? inherited;
  return {
    type: 'limit',
    kind: limit.kind,
    limit: limit.limit,
    ...(deadband === undefined ? {} : { deadband }),
  };
}

function withWords(base: AlarmGuidance, words: PointLimit['guidance']): AlarmGuidance {
  return {
    name: words?.name ?? base.name,
    cause: words?.cause ?? base.cause,
    consequence: words?.consequence ?? base.consequence,
    response: words?.response ?? base.response,
    timeToRespondMs: words?.timeToRespondMs ?? base.timeToRespondMs,
  };
}

function offline(source: string, onDelayMs: number) {
  return {
    id: `${source}#offline`,
    source,
    origin: 'system' as const,
    enabled: true,
    condition: { type: 'offline' as const },
    onDelayMs,
    offDelayMs: 0,
    latching: false,
    lifeSafety: false,
    opensOrder: false,
  };
}
