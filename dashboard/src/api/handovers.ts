import type { HandoverSummary, ShiftHandover } from '@plantroom/contracts';
import { useQuery } from '@tanstack/react-query';
import { request, requestAll } from './client.ts';

const refreshMs = 30_000;

/** The hand-over with that id or, without one, that of the shift of now. */
export const useHandover = (site: string | undefined, id: string | null) =>
  useQuery({
    queryKey: ['handover', site, id],
    queryFn: ({ signal }) =>
      request<ShiftHandover>(id === null ? `/api/handovers/shift?site=${site}` : `/api/handovers/${id}`, { signal }),
    enabled: site !== undefined,
    staleTime: 5_000,
    refetchInterval: refreshMs,
  });

export const useHandovers = (site: string | undefined) =>
  useQuery({
    queryKey: ['handovers', site],
    queryFn: ({ signal }) => requestAll<HandoverSummary>(`/api/handovers?site=${site}`, { signal, maxPages: 2 }),
    enabled: site !== undefined,
    staleTime: 5_000,
  });

type Notes = Pick<ShiftHandover, 'site' | 'fromMs' | 'notes'>;

export const saveHandoverNotes = (body: Notes) =>
  request<ShiftHandover>('/api/handovers/notes', { method: 'PUT', body });

export const leaveShift = (body: Notes) => request<ShiftHandover>('/api/handovers/leave', { method: 'POST', body });

export const takeShift = (id: string, body: { remark?: string; username?: string; password?: string }) =>
  request<ShiftHandover>(`/api/handovers/${id}/take`, { method: 'POST', body });
