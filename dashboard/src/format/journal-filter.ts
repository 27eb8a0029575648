import {
  type AlarmPriority,
  alarmPriorities,
  type JournalFilter,
  journalActions,
  journalClocks,
  systems,
} from '@plantroom/contracts';

/** Which of the entries that were over when they were found. */
export const historicalChoices = ['with', 'without', 'only'] as const;

/** The filter that an address holds; what it does not know is left out. */
export function journalFilterFrom(search: URLSearchParams): JournalFilter {
  const one = <T extends string>(key: string, allowed: readonly T[]): T | undefined =>
    allowed.find((each) => each === search.get(key));
  const time = (key: string): number | undefined => {
    const text = search.get(key) ?? '';
    return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  };
  const historical = one('historical', historicalChoices);
  const priority = alarmPriorities.filter((each) => search.getAll('priority').includes(each));
  const q = search.get('q')?.trim() ?? '';
  const filter = {
    q: q === '' ? undefined : q.slice(0, 200),
    system: one('system', systems),
    equipment: search.get('equipment') ?? undefined,
    alarm: search.get('of') ?? undefined,
    test: /^[a-z0-9-]{1,40}$/.test(search.get('test') ?? '') ? (search.get('test') ?? undefined) : undefined,
    priority: priority.length === 0 ? undefined : priority,
    action: one('action', journalActions),
    lifeSafety: search.get('lifeSafety') === '1' ? true : undefined,
    historical: historical === 'only' ? true : historical === 'without' ? false : undefined,
    clock: one('clock', journalClocks),
    from: time('from'),
    to: time('to'),
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as JournalFilter;
}

/** The filter as the server takes it. */
export function journalSearch(filter: JournalFilter): URLSearchParams {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(filter)) {
    for (const each of [value].flat()) search.append(key, String(each));
  }
  return search;
}

export function togglePriority(chosen: readonly AlarmPriority[], priority: AlarmPriority): AlarmPriority[] {
  return alarmPriorities.filter((each) => chosen.includes(each) !== (each === priority));
}
