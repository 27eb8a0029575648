import {
  type AlarmPriority,
  alarmPriorities,
  type Language,
  type MessageTemplate,
  systemNames,
  type TemplatePlaceholder,
  textIn,
} from '@plantroom/contracts';
import { commonPlace, type MessageItem, type OutgoingMessage, onlyItem } from './message.ts';
import type { NoticeFlood } from './notice-flood.ts';
import { fill, fillLines, oneLine } from './placeholders.ts';
import { dateTimeText } from './zoned-time.ts';

const zh = {
  priority: { critical: '紧急', high: '重要', medium: '一般', low: '提示' } satisfies Record<AlarmPriority, string>,
  lifeSafety: '生命安全',
  returned: '已恢复',
  test: '测试消息',
  testBody: (channel: string) => `这是机房平台通过“${channel}”发出的测试消息，无须处理。`,
  colon: '：',
  place: '地点',
  time: '时间',
  value: '数值',
  response: '处置',
  link: '确认告警',
  now: { standing: '仍未确认', acknowledged: '已确认', over: '已结束' },
  many: (count: number, place: string | null) => `${place === null ? '' : `${place} `}${count} 条告警`,
  summary: '免打扰时段汇总',
  flood: '告警泛滥',
  floodOver: '告警泛滥已结束',
  began: '开始',
  ended: '结束',
  bySystem: '按系统',
  other: '其他',
  counts: (parts: string[]) => `其中${parts.join('、')}`,
  part: (name: string, count: number) => `${name} ${count} 条`,
  rest: (count: number) => `另有 ${count} 条，请在平台查看。`,
  tag: (text: string) => `【${text}】`,
};
const en: typeof zh = {
  priority: { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low' },
  lifeSafety: 'Life safety',
  returned: 'Returned',
  test: 'Test message',
  testBody: (channel) => `This is a test message of Plantroom through "${channel}"; nothing has to be done.`,
  colon: ': ',
  place: 'Place',
  time: 'Time',
  value: 'Value',
  response: 'Response',
  link: 'Acknowledge',
  now: { standing: 'not acknowledged yet', acknowledged: 'acknowledged', over: 'over' },
  many: (count, place) => `${count} alarms${place === null ? '' : ` in ${place}`}`,
  summary: 'Summary of quiet hours',
  flood: 'Alarm flood',
  floodOver: 'Alarm flood over',
  began: 'Began',
  ended: 'Ended',
  bySystem: 'By system',
  other: 'Other',
  counts: (parts) => parts.join(', '),
  part: (name, count) => `${count} ${name.toLowerCase()}`,
  rest: (count) => `${count} more: see Plantroom.`,
  tag: (text) => `[${text}] `,
};
const wordsOf = (language: Language) => (language === 'zh-CN' ? zh : en);

export interface TextLine {
  label: string;
  text: string;
}

/** One line: what it is and where. */
export function titleOf(message: OutgoingMessage): string {
  const { kind, items, language, template, flood } = message;
  const words = wordsOf(language);
  const [first] = items;
  if (first === undefined) return words.test;
  const only = onlyItem(message);
  if (only !== null)
    return template?.subject == null ? itemTitle(only, language) : subjectLine(template.subject, only, language);
  const place = commonPlace(items);
  const many = words.many(items.length, place === null ? null : textIn(place, language));
  if (flood !== null) {
    const tag = words.tag(flood.endedMs === null ? words.flood : words.floodOver);
    return `${tag}${textIn(flood.position, language)}${words.colon}${many}`;
  }
  return kind === 'summary' ? `${words.summary}${words.colon}${many}` : `${tagOf(first, language)}${many}`;
}

export function itemTitle(item: MessageItem, language: Language): string {
  const { facts, now } = item;
  const words = wordsOf(language);
  const name = textIn(facts.name, language);
  const what = facts.equipmentName === null ? name : `${textIn(facts.equipmentName, language)}${words.colon}${name}`;
  const state =
    now === null || item.kind === 'returned'
      ? ''
      : language === 'zh-CN'
        ? `（${words.now[now]}）`
        : ` (${words.now[now]})`;
  return `${tagOf(item, language)}${what}${state}`;
}

/** Where, when, how much, and what to do. */
export function itemLines({ facts, link }: MessageItem, language: Language): TextLine[] {
  const words = wordsOf(language);
  const place = facts.place ?? facts.siteName;
  return [
    { label: words.place, text: textIn(place, language) },
    { label: words.time, text: dateTimeText(facts.atMs, facts.timeZone) },
    ...(facts.value === null ? [] : [{ label: words.value, text: textIn(facts.value, language) }]),
    ...(facts.response === null ? [] : [{ label: words.response, text: textIn(facts.response, language) }]),
    ...(link === null ? [] : [{ label: words.link, text: link }]),
  ];
}

/** How many there are of each priority; null: there is only one alarm. */
export function countsOf({ items, language }: OutgoingMessage): string | null {
  if (items.length < 2) return null;
  const words = wordsOf(language);
  const life = items.filter(({ facts }) => facts.lifeSafety).length;
  const parts = life === 0 ? [] : [words.part(words.lifeSafety, life)];
  for (const priority of alarmPriorities) {
    const count = items.filter(({ facts }) => !facts.lifeSafety && facts.priority === priority).length;
    if (count > 0) parts.push(words.part(words.priority[priority], count));
  }
  return words.counts(parts);
}

/** Since when, and which systems say how much; empty: it is about no flood. */
export function floodLines({ flood, items, language }: OutgoingMessage): TextLine[] {
  const zone = items[0]?.facts.timeZone;
  if (flood === null || zone === undefined) return [];
  const words = wordsOf(language);
  const bySystem = new Map<string, number>();
  for (const { facts } of items) {
    const name = facts.system === null ? words.other : textIn(systemNames[facts.system], language);
    bySystem.set(name, (bySystem.get(name) ?? 0) + 1);
  }
  const parts = [...bySystem].sort(([, a], [, b]) => b - a).map(([name, count]) => `${name} ${count}`);
  return [
    ...spanOf(flood).map(([label, ms]) => ({ label: words[label], text: dateTimeText(ms, zone) })),
    { label: words.bySystem, text: parts.join(language === 'zh-CN' ? '、' : ', ') },
  ];
}

const spanOf = ({ beganMs, endedMs }: NoticeFlood): ['began' | 'ended', number][] => [
  ['began', beganMs],
  ...(endedMs === null ? [] : [['ended', endedMs] satisfies ['ended', number]]),
];

export function restText(count: number, language: Language): string {
  return wordsOf(language).rest(count);
}

export function labelled({ label, text }: TextLine, language: Language): string {
  return `${label}${wordsOf(language).colon}${text}`;
}

/** The whole message as lines of plain text, with at most `top` alarms by name. */
export function plainLines(message: OutgoingMessage, top = 3): string[] {
  const { items, language, channelName, template } = message;
  const words = wordsOf(language);
  const title = titleOf(message);
  const [first] = items;
  if (first === undefined) return [title, words.testBody(channelName)];
  const only = onlyItem(message);
  if (only !== null && template?.text != null) return textLines(template.text, only, language);
  if (only !== null)
    return [itemTitle(only, language), ...itemLines(only, language).map((line) => labelled(line, language))];
  const shown = items.slice(0, top);
  const rest = items.length - shown.length;
  return [
    title,
    ...floodLines(message).map((line) => labelled(line, language)),
    ...[countsOf(message)].filter((text) => text !== null),
    ...shown.map(
      (item, at) =>
        `${at + 1}. ${itemTitle(item, language)} ${dateTimeText(item.facts.atMs, item.facts.timeZone)}${item.link === null ? '' : ` ${item.link}`}`,
    ),
    ...(rest === 0 ? [] : [restText(rest, language)]),
  ];
}

/** What a template says of one alarm. */
export function renderTemplate(
  { subject, text }: MessageTemplate,
  item: MessageItem,
  language: Language,
): MessageTemplate {
  return {
    subject: subject === null ? null : subjectLine(subject, item, language),
    text: text === null ? null : textLines(text, item, language).join('\n'),
  };
}

function subjectLine(subject: string, item: MessageItem, language: Language): string {
  return oneLine(fill(subject, valuesOf(item, language), (text) => text));
}

export function textLines(text: string, item: MessageItem, language: Language): string[] {
  return fillLines(text, valuesOf(item, language));
}

function valuesOf(item: MessageItem, language: Language): Record<TemplatePlaceholder, string> {
  const { facts, link } = item;
  const say = (text: Parameters<typeof textIn>[0] | null): string => (text === null ? '' : textIn(text, language));
  return {
    title: itemTitle(item, language),
    tag: tagOf(item, language).trim(),
    priority: wordsOf(language).priority[facts.priority],
    equipment: say(facts.equipmentName),
    name: say(facts.name),
    site: say(facts.siteName),
    place: say(facts.place ?? facts.siteName),
    time: dateTimeText(facts.atMs, facts.timeZone),
    value: say(facts.value),
    response: say(facts.response),
    link: link ?? '',
    alarm: facts.alarm,
  };
}

export function isLifeSafety({ items }: OutgoingMessage): boolean {
  return items.some(({ facts }) => facts.lifeSafety);
}

function tagOf({ kind, facts }: MessageItem, language: Language): string {
  const words = wordsOf(language);
  if (kind === 'returned') return words.tag(words.returned);
  return words.tag(
    facts.lifeSafety ? `${words.lifeSafety}·${words.priority[facts.priority]}` : words.priority[facts.priority],
  );
}
