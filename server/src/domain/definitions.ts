import {
  type AlarmDefinition,
  type AlarmGuidance,
  type Chatter,
  type LocalText,
  type PointLimit,
  pointId,
  type SuppressionGroup,
} from '@plantroom/contracts';
import { type ClassAlarm, type ClassSuppression, type EquipmentClass, parseDuration } from '@plantroom/device-profiles';

import { genericGuidance, genericOrder } from './limit-texts.ts';
import type { OrderTemplate } from './work-orders/policy.ts';

const defaultSettleMs = 60_000;
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
    ...(alarm.chatter === undefined ? {} : { chatter: chatterOf(alarm.chatter) }),
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

function chatterOf({ times, within, steady }: NonNullable<ClassAlarm['chatter']>): Chatter {
  return { times, withinMs: parseDuration(within), steadyMs: parseDuration(steady) };
}
