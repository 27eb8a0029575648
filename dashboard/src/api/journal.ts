import type { Alarm, JournalFilter, JournalFormat, JournalRow, Language } from '@plantroom/contracts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { journalSearch } from '../format/journal-filter.ts';
import { type Page, request, requestAll } from './client.ts';

const pageRows = 100;
const refreshMs = 10_000;

/** Newest first, page by page. The first page is kept fresh as long as it is the only one: nothing moves under a reader. */
export const useJournalPages = (filter: JournalFilter) =>
  useInfiniteQuery({
    queryKey: ['journal-pages', filter],
    queryFn: ({ pageParam, signal }) => {
      const search = journalSearch(filter);
      search.set('limit', String(pageRows));
      if (pageParam !== null) search.set('after', pageParam);
      return request<Page<JournalRow>>(`/api/alarms/journal?${search}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    staleTime: 2000,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 1 ? false : refreshMs),
  });

/** Where what the filter finds is had as a file. */
export function journalFileAddress(filter: JournalFilter, format: JournalFormat, language: Language): string {
  const search = journalSearch(filter);
  search.set('format', format);
  search.set('lang', language);
  return `/api/alarms/journal/export?${search}`;
}

/** An alarm that may be normal, which the live link does not tell; undefined while unknown. */
export const useAlarmOf = (id: string | null, equipment: string | null) =>
  useQuery({
    queryKey: ['alarm', id],
    queryFn: async ({ signal }) => {
      const of = equipment === null ? `site=${id?.split('/')[0]}` : `equipment=${encodeURIComponent(equipment)}`;
      const alarms = await requestAll<Alarm>(`/api/alarms?all=true&${of}`, { signal });
      return alarms.find((alarm) => alarm.id === id) ?? null;
    },
    enabled: id !== null,
    staleTime: 2000,
  });
