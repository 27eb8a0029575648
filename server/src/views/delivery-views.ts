import type { NotificationDelivery } from '@plantroom/contracts';
import type { Notice } from '../notifications/domain/gather.ts';
import type { Delivery } from '../repositories/notification-outbox-repository.ts';

/** An alarm that is not in a message yet, as one. */
export function waitingView(notice: Notice): NotificationDelivery {
  const { id, channel, address, person, kind, held, flood, facts, createdMs, dueMs } = notice;
  return {
    id,
    channel,
    address,
    people: person === null ? [] : [person],
    kind: held ? 'summary' : flood !== null ? 'flood' : kind,
    state: 'waiting',
    lifeSafety: facts.lifeSafety,
    count: 1,
    subjects: [facts.name],
    alarms: [facts.alarm],
    attempts: 0,
    createdMs,
    nextMs: dueMs,
    sentMs: null,
    receipt: null,
    error: null,
  };
}

export function deliveryView({
  rank: _rank,
  triedMs: _tried,
  language: _language,
  mentions: _mentions,
  ...delivery
}: Delivery): NotificationDelivery {
  return delivery;
}
