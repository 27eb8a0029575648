import { randomUUID } from 'node:crypto';
import type { DeliveryKind, Language, MessageTemplate } from '@plantroom/contracts';
import type { Delivery } from '../repositories/notification-outbox-repository.ts';
import type { ChannelConfig } from './domain/config.ts';
import type { Notice } from './domain/gather.ts';
import { type MessageItem, type OutgoingMessage, sortItems } from './domain/message.ts';

const shown = { subjects: 3, alarms: 20 };

export interface Envelope {
  kind: DeliveryKind;
  /** Empty: a group. */
  address: string;
  language: Language;
}

/** A message for the outbox; its id goes out with it and stays the same over all attempts. */
export function newDelivery(
  channel: string,
  { notices, nowMs, envelope }: { notices: readonly Notice[]; nowMs: number; envelope: Envelope },
): Delivery {
  const items = sortItems(notices.map((notice) => ({ ...notice, link: null, now: null })));
  return {
    ...envelope,
    id: randomUUID(),
    channel,
    rank: notices[0]?.rank ?? 2,
    state: 'sending',
    attempts: 0,
    createdMs: nowMs,
    nextMs: nowMs,
    triedMs: null,
    sentMs: null,
    receipt: null,
    error: null,
    people: unique(notices.map(({ person }) => person)),
    mentions: envelope.address === '' ? unique(notices.map(({ address }) => address)) : [],
    lifeSafety: items.some(({ facts }) => facts.lifeSafety),
    count: items.length,
    subjects: items.slice(0, shown.subjects).map(({ facts }) => facts.name),
    alarms: items.slice(0, shown.alarms).map(({ facts }) => facts.alarm),
  };
}

export function messageOf(
  channel: ChannelConfig,
  delivery: Delivery,
  {
    notices,
    linkAddress,
    standing,
    template,
  }: {
    notices: readonly Notice[];
    linkAddress: (id: string) => string | null;
    standing: (notice: Notice) => MessageItem['now'];
    template: MessageTemplate | null;
  },
): OutgoingMessage {
  const items = notices.map(
    (notice): MessageItem => ({
      kind: notice.kind,
      facts: notice.facts,
      link: notice.link === null ? null : linkAddress(notice.link),
      now: notice.held ? standing(notice) : null,
    }),
  );
  const { id, kind, rank, language, createdMs, address, mentions } = delivery;
  const envelope = { id, kind, rank, language, createdMs, address, mentions };
  const flood = kind === 'flood' ? (notices.findLast((notice) => notice.flood !== null)?.flood ?? null) : null;
  return { ...envelope, items: sortItems(items), flood, channelName: channel.name, template };
}

function unique(values: readonly (string | null)[]): string[] {
  return [...new Set(values)].filter((value): value is string => value !== null && value !== '');
}
