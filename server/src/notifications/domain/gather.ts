import type { Language } from '@plantroom/contracts';
import type { AlarmFacts, Rank } from './alarm-facts.ts';
import type { NoticeFlood } from './notice-flood.ts';

export type NoticeKind = 'alarm' | 'returned';

/** One alarm for one address, on its way into a message. */
export interface Notice {
  id: string;
  call: string;
  kind: NoticeKind;
  /** Kept over quiet hours: it goes into their summary. */
  held: boolean;
  /** It goes into the next summary of this flood of alarms; null: there is none. */
  flood: NoticeFlood | null;
  person: string | null;
  contact: number;
  channel: string;
  address: string;
  language: Language;
  rank: Rank;
  createdMs: number;
  dueMs: number;
  facts: AlarmFacts;
  /** Id of the acknowledge link; null: none. */
  link: string | null;
}

export interface Gathered {
  notices: Notice[];
  /** A summary of quiet hours or of a flood; null: of neither. */
  summary: 'summary' | 'flood' | null;
}

/**
 * Pure: which notices of one channel go out now, and together with which. What is urgent goes alone while the channel has room for all of it,
 * and as one message when it has not, so that it never waits for room. The rest waits until the first of a group is due, then all of the
 * group go as one. `room`: messages that may go now by rank. `byAddress` false: a group of people, who are all told by one message.
 */
export function gather(
  notices: readonly Notice[],
  { nowMs, room, byAddress }: { nowMs: number; room: (rank: Rank) => number; byAddress: boolean },
): Gathered[] {
  const out: Gathered[] = [];
  const left = (rank: Rank): number => room(rank) - out.length;
  for (const rank of [0, 1, 2] as const) {
    const ofRank = notices.filter((notice) => notice.rank === rank);
    for (const group of groups(ofRank, (notice) => groupKey(notice, byAddress))) {
      if (left(rank) <= 0) break;
      if (!group.some(({ dueMs }) => dueMs <= nowMs)) continue;
      const single = rank < 2 ? groups(group, aloneKey) : [group];
      const parts = single.length <= left(rank) ? single : [group];
      for (const part of parts) out.push({ notices: part, summary: summaryOf(part[0]) });
    }
  }
  return out;
}

/** When something of it is due that is not yet; null: nothing. */
export function nextDueMs(notices: readonly Notice[], nowMs: number): number | null {
  const times = notices.map(({ dueMs }) => dueMs).filter((dueMs) => dueMs > nowMs);
  return times.length === 0 ? null : Math.min(...times);
}

const summaryOf = (notice: Notice | undefined): Gathered['summary'] =>
  notice?.held ? 'summary' : notice?.flood != null ? 'flood' : null;

const groupKey = (notice: Notice, byAddress: boolean): string =>
  // A link is one person's own, so that person's messages are too.
  JSON.stringify([
    notice.language,
    notice.held ? notice.dueMs : 0,
    notice.flood?.id ?? '',
    ...(byAddress ? [notice.address, notice.person] : []),
  ]);

const aloneKey = ({ kind, facts }: Notice): string => JSON.stringify([kind, facts.alarm, facts.occurrence]);

function groups(notices: readonly Notice[], keyOf: (notice: Notice) => string): Notice[][] {
  const found = new Map<string, Notice[]>();
  for (const notice of notices) {
    const key = keyOf(notice);
    const group = found.get(key);
    if (group === undefined) found.set(key, [notice]);
    else group.push(notice);
  }
  return [...found.values()];
}
