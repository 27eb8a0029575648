import type { ChannelKind, Language, NotificationPerson, PolicyTarget } from '@plantroom/contracts';
import type { Rank } from './alarm-facts.ts';
import type { NotificationConfig } from './config.ts';
import { quietUntil } from './quiet-hours.ts';
import { onDuty } from './roster.ts';

/** A person, or a channel that is told itself: a robot's group, a webhook. */
export type Recipient = { person: NotificationPerson } | { channel: string };

export interface Route {
  channel: string;
  address: string;
  language: Language;
  person: string | null;
  /** Place in the person's contacts; the next one is the fallback. */
  contact: number;
  heldUntilMs: number | null;
}

/** A person answers these; what a robot has written into a group, nobody may have read. */
const answerable: readonly ChannelKind[] = ['email', 'http'];
export const isAnswerable = (kind: ChannelKind): boolean => answerable.includes(kind);

/** Each once, in the order of the targets. People and channels that are disabled or gone are left out. */
export function recipientsOf(targets: readonly PolicyTarget[], config: NotificationConfig, atMs: number): Recipient[] {
  const people = new Set<string>();
  const channels = new Set<string>();
  for (const target of targets) {
    if (target.type === 'channel') channels.add(target.id);
    else for (const person of peopleOf(target, config, atMs)) people.add(person);
  }
  const persons = [...people].flatMap((id) => {
    const person = config.people.get(id);
    return person?.enabled ? [{ person }] : [];
  });
  return [
    ...persons,
    ...[...channels].filter((id) => config.channels.get(id)?.enabled).map((channel) => ({ channel })),
  ];
}

/**
 * Where a message to the recipient goes. A person: the first contact whose channel is there, from `contact` on; an alarm about life also to
 * the first that must be answered.
 */
export function routesOf(
  recipient: Recipient,
  { config, rank, atMs, contact = 0 }: { config: NotificationConfig; rank: Rank; atMs: number; contact?: number },
): Route[] {
  if ('channel' in recipient) {
    const { channel } = recipient;
    return [
      {
        channel,
        address: '',
        language: config.channels.get(channel)?.language ?? 'zh-CN',
        person: null,
        contact: 0,
        heldUntilMs: null,
      },
    ];
  }
  const { person } = recipient;
  const heldUntilMs = rank === 2 ? quietUntil(person.quiet, atMs) : null;
  const usable = person.contacts.flatMap(({ channel, address }, at) => {
    const kind = config.channels.get(channel)?.enabled ? config.channels.get(channel)?.settings.kind : undefined;
    if (at < contact || kind === undefined) return [];
    return [
      { kind, route: { channel, address, language: person.language, person: person.id, contact: at, heldUntilMs } },
    ];
  });
  const [first] = usable;
  if (first === undefined) return [];
  const answer = rank === 0 && !isAnswerable(first.kind) ? usable.find(({ kind }) => isAnswerable(kind)) : undefined;
  return answer === undefined ? [first.route] : [first.route, answer.route];
}

function peopleOf(
  target: Exclude<PolicyTarget, { type: 'channel' }>,
  config: NotificationConfig,
  atMs: number,
): string[] {
  switch (target.type) {
    case 'person':
      return [target.id];
    case 'role':
      return [...config.people.values()].filter(({ roles }) => roles.includes(target.id)).map(({ id }) => id);
    case 'roster': {
      const roster = config.rosters.get(target.id);
      return roster === undefined ? [] : onDuty(roster, atMs);
    }
  }
}
