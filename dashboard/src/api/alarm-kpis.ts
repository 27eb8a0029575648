import type { AlarmKpiReport, OperatingPosition } from '@plantroom/contracts';
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { request, requestAll } from './client.ts';

export interface KpiRequest {
  site: string;
  /** Null: all positions together. */
  position: string | null;
  days: number;
}

const refreshMs = 60_000;

/** Of the last so many days, up to now. */
export const useAlarmKpis = (wanted: KpiRequest | null) =>
  useQuery({
    queryKey: ['alarm-kpis', wanted],
    queryFn: ({ signal }) => {
      const search = new URLSearchParams({ site: wanted?.site ?? '' });
      search.set('from', String(Date.now() - (wanted?.days ?? 0) * 86_400_000));
      if (wanted?.position != null) search.set('position', wanted.position);
      return request<AlarmKpiReport>(`/api/alarms/kpis?${search}`, { signal });
    },
    enabled: wanted !== null,
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  });

const positionQuery = (site: string | undefined) => ({
  queryKey: ['positions', site],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    requestAll<OperatingPosition>(`/api/alarms/positions?site=${site}`, { signal }),
});

export const usePositions = (site: string | undefined) =>
  useQuery({ ...positionQuery(site), enabled: site !== undefined });

/** Those of several sites; empty for a site that has not answered yet. */
export const usePositionsOf = (sites: readonly string[]): ReadonlyMap<string, readonly OperatingPosition[]> => {
  const answers = useQueries({ queries: sites.map(positionQuery) });
  return new Map(sites.map((site, at) => [site, answers[at]?.data ?? []]));
};
