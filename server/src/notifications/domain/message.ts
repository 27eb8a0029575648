import {
  type DeliveryKind,
  type Language,
  type LocalText,
  type MessageTemplate,
  priorityNumber,
} from '@plantroom/contracts';
import type { AlarmFacts, Rank } from './alarm-facts.ts';
import type { NoticeKind } from './gather.ts';
import type { NoticeFlood } from './notice-flood.ts';

export interface MessageItem {
  kind: NoticeKind;
  facts: AlarmFacts;
  /** Address of the page that acknowledges it; null: none. */
  link: string | null;
  /** Of what was kept for a while: how it stands now. */
  now: 'standing' | 'acknowledged' | 'over' | null;
}

/** What goes out in one piece. */
export interface OutgoingMessage {
  /** The same over all attempts. */
  id: string;
  kind: DeliveryKind;
  rank: Rank;
  language: Language;
  createdMs: number;
  /** One address; of a robot's group empty. */
  address: string;
  /** Whom a robot names: mobile numbers or open_ids. */
  mentions: string[];
  /** The most serious first. Empty: a test. */
  items: MessageItem[];
  /** It sums up what this flood has brought since the last time; null: it is about no flood. */
  flood: NoticeFlood | null;
  channelName: string;
  /** How the site words messages about one alarm; null: as built in. */
  template: MessageTemplate | null;
}

/** The alarm that a message is about, if it is about one and nothing else. */
export function onlyItem({ items, flood }: Pick<OutgoingMessage, 'items' | 'flood'>): MessageItem | null {
  return items.length === 1 && flood === null ? (items[0] ?? null) : null;
}

/** The most serious first, then the newest; of one alarm only the last that was said. */
export function sortItems(items: readonly MessageItem[]): MessageItem[] {
  const last = new Map(items.map((item) => [`${item.facts.alarm} ${item.facts.occurrence}`, item]));
  const weight = ({ facts, kind }: MessageItem): number =>
    (kind === 'returned' ? 10 : 0) + (facts.lifeSafety ? 0 : priorityNumber[facts.priority]);
  return [...last.values()].sort((a, b) => weight(a) - weight(b) || b.facts.atMs - a.facts.atMs);
}

/** Where all of it is: one building, one site; null: in several. */
export function commonPlace(items: readonly MessageItem[]): LocalText | null {
  for (const placeOf of [(f: AlarmFacts) => f.building, (f: AlarmFacts) => f.siteName]) {
    const first = items[0] === undefined ? null : placeOf(items[0].facts);
    if (first !== null && items.every(({ facts }) => placeOf(facts)?.zh === first.zh)) return first;
  }
  return null;
}
