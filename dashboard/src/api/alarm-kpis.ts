import type { AlarmKpiReport, OperatingPosition } from '@plantroom/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
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

export const usePositions = (site: string | undefined) =>
  useQuery({
    queryKey: ['positions', site],
    queryFn: ({ signal }) => requestAll<OperatingPosition>(`/api/alarms/positions?site=${site}`, { signal }),
    enabled: site !== undefined,
  });
