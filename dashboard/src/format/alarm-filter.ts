import { type Alarm, type AlarmPriority, alarmPriorities } from '@plantroom/contracts';
import { hidings } from './alarm-hiding.ts';
import { isAnnounced, needsAck, shownState } from './alarm-look.ts';

export const stateFilters = [
  'open',
  'unacked',
  'active',
  'returned',
  'shelved',
  'suppressed',
  'out-of-service',
  'test',
  'all',
] as const;
export type StateFilter = (typeof stateFilters)[number];

export interface AlarmFilter {
  priority: AlarmPriority | null;
  state: StateFilter;
  /** Words that must all occur. */
  text: string;
}

export function filterFrom(search: URLSearchParams): AlarmFilter {
  return {
    priority: alarmPriorities.find((each) => each === search.get('priority')) ?? null,
    state: stateFilters.find((each) => each === search.get('state')) ?? 'open',
    text: search.get('q') ?? '',
  };
}

function inState(alarm: Alarm, state: StateFilter): boolean {
  switch (state) {
    case 'open':
      return isAnnounced(alarm);
    case 'unacked':
      return needsAck(alarm) && isAnnounced(alarm);
    case 'active':
      return alarm.flags.active && isAnnounced(alarm);
    case 'returned':
      return !alarm.flags.active && isAnnounced(alarm);
    case 'shelved':
    case 'suppressed':
    case 'out-of-service':
    case 'test':
      return hidings.some((hiding) => hiding.filter === state && hiding.state === shownState(alarm));
    case 'all':
      return true;
  }
}

/** `wordsOf` gives what the text is searched in, e.g. the names in both languages. */
export function matchesFilter(alarm: Alarm, filter: AlarmFilter, wordsOf: (alarm: Alarm) => string): boolean {
  if (filter.priority !== null && alarm.priority !== filter.priority) return false;
  if (!inState(alarm, filter.state)) return false;
  const words = filter.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return true;
  const all = wordsOf(alarm).toLowerCase();
  return words.every((word) => all.includes(word));
}
