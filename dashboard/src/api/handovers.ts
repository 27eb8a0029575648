import type { HandoverSummary, ShiftHandover } from '@plantroom/contracts';
import { useQuery } from '@tanstack/react-query';
import { request, requestAll } from './client.ts';

const refreshMs = 30_000;

export interface HandoverScope {
  site: string;
  /** Null: the site has one position for all. */
  position: string | null;
}

const scopeQuery = ({ site, position }: HandoverScope): string =>
  `site=${site}${position === null ? '' : `&position=${position}`}`;

/** The hand-over with that id or, without one, that of the shift of now. Null: not known yet whose. */
export const useHandover = (scope: HandoverScope | null, id: string | null) =>
  useQuery({
    queryKey: ['handover', scope, id],
    queryFn: ({ signal }) => {
      const path = id === null && scope !== null ? `shift?${scopeQuery(scope)}` : id;
      return request<ShiftHandover>(`/api/handovers/${path}`, { signal });
    },
    enabled: scope !== null,
    staleTime: 5_000,
    refetchInterval: refreshMs,
  });

export const useHandovers = (scope: HandoverScope | null) =>
  useQuery({
    queryKey: ['handovers', scope],
    queryFn: ({ signal }) => requestAll<HandoverSummary>(`/api/handovers?site=${scope?.site}`, { signal, maxPages: 2 }),
    enabled: scope !== null,
    staleTime: 5_000,
  });

type Notes = Pick<ShiftHandover, 'site' | 'fromMs' | 'notes'> & { position?: string };

export const saveHandoverNotes = (body: Notes) =>
  request<ShiftHandover>('/api/handovers/notes', { method: 'PUT', body });

export const leaveShift = (body: Notes) => request<ShiftHandover>('/api/handovers/leave', { method: 'POST', body });

export const takeShift = (id: string, body: { remark?: string; username?: string; password?: string }) =>
  request<ShiftHandover>(`/api/handovers/${id}/take`, { method: 'POST', body });
