import { channelOfAlarm } from '../domain/system-definitions.ts';
import type { Db } from '../repositories/database.ts';
import type { NotificationCall } from '../repositories/notification-call-repository.ts';
import { type AlarmFacts, type Rank, rankOf } from './domain/alarm-facts.ts';
import type { NotificationConfig } from './domain/config.ts';
import type { Notice } from './domain/gather.ts';
import type { Rung } from './domain/ladder.ts';
import { summaryDueMs } from './domain/notice-flood.ts';
import { isAnswerable, type Recipient, type Route, recipientsOf, routesOf } from './domain/recipients.ts';
import type { FloodWatch } from './flood-watch.ts';
import type { Links } from './links.ts';

interface Maker {
  db: Db;
  config: NotificationConfig;
  links: Links;
  floods: Pick<FloodWatch, 'of'>;
  nowMs: number;
}

/** What a rung says to whom. The ids follow from call, rung and recipient, so that the same rung never tells twice. */
export async function noticesOfRung(maker: Maker, call: NotificationCall, rung: Rung): Promise<Notice[]> {
  const { nowMs } = maker;
  const config = waysFor(call.facts, maker.config);
  const rank = rankOf(call.facts);
  const notices: Notice[] = [];
  for (const recipient of recipientsOf(rung.targets, config, nowMs)) {
    const routes = routesOf(recipient, { config, rank, atMs: nowMs });
    for (const route of routes)
      notices.push(await noticeOf(maker, call, { route, rank, base: baseOf(call, rung.index, recipient) }));
  }
  return notices;
}

export function reachesSomebody(
  { targets }: Pick<Rung, 'targets'>,
  { facts, config: all, nowMs }: { facts: AlarmFacts; config: NotificationConfig; nowMs: number },
): boolean {
  const config = waysFor(facts, all);
  return recipientsOf(targets, config, nowMs).some(
    (recipient) => routesOf(recipient, { config, rank: 0, atMs: nowMs }).length > 0,
  );
}

/** The same by the person's next contact; empty: there is none left. */
export async function fallbackOf(maker: Maker, notice: Notice, call: NotificationCall): Promise<Notice[]> {
  const { nowMs } = maker;
  const config = waysFor(call.facts, maker.config);
  const person = notice.person === null ? undefined : config.people.get(notice.person);
  if (person === undefined) return [];
  const { rank, kind, id } = notice;
  const [route] = routesOf({ person }, { config, rank, atMs: nowMs, contact: notice.contact + 1 });
  if (route === undefined) return [];
  return [{ ...(await noticeOf(maker, call, { route, rank, base: id.slice(0, id.lastIndexOf('.')) })), kind }];
}

/** That a channel fails is told over the others. */
function waysFor({ alarm }: AlarmFacts, config: NotificationConfig): NotificationConfig {
  const failing = channelOfAlarm(alarm);
  if (failing === null) return config;
  return { ...config, channels: new Map([...config.channels].filter(([id]) => id !== failing)) };
}

async function noticeOf(
  { db, config, links, floods, nowMs }: Maker,
  call: NotificationCall,
  { route, rank, base }: { route: Route; rank: Rank; base: string },
): Promise<Notice> {
  const { facts } = call;
  const channel = config.channels.get(route.channel);
  const { publicUrl, linkMinutes } = config.settings;
  const asks =
    rank === 0 &&
    route.person !== null &&
    call.endedMs === null &&
    channel !== undefined &&
    isAnswerable(channel.settings.kind);
  const expiresMs = nowMs + linkMinutes * 60_000;
  const link =
    asks && publicUrl !== null && route.person !== null
      ? await links.create(db, { facts, person: route.person, expiresMs })
      : null;
  const { heldUntilMs, contact, ...where } = route;
  const gatherMs = rank === 2 ? (channel?.coalesceS ?? 0) * 1000 : 0;
  const flood = rank === 2 && heldUntilMs === null ? floods.of(facts) : null;
  const gatheredMs = flood === null ? nowMs + gatherMs : summaryDueMs(flood, nowMs, gatherMs);
  return {
    ...where,
    id: `${base}.${contact}`,
    call: call.id,
    kind: 'alarm',
    held: heldUntilMs !== null,
    flood,
    contact,
    rank,
    createdMs: nowMs,
    dueMs: heldUntilMs ?? gatheredMs,
    facts,
    link,
  };
}

function baseOf(call: NotificationCall, rung: number, recipient: Recipient): string {
  return `${call.id}.${rung}.${'person' in recipient ? `p-${recipient.person.id}` : `c-${recipient.channel}`}`;
}
