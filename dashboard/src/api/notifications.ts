import type {
  NotificationChannel,
  NotificationDelivery,
  NotificationPerson,
  NotificationPolicy,
  NotificationRoster,
  NotificationSettings,
  NotificationStatus,
  NotificationTemplate,
  PreviewRequest,
  PreviewResult,
  RosterDuty,
  TemplatePreview,
  TemplatePreviewRequest,
} from '@plantroom/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type Page, request, requestAll } from './client.ts';

const base = '/api/notifications';
const key = 'notifications';

interface Lists {
  channels: NotificationChannel;
  people: NotificationPerson;
  rosters: NotificationRoster;
  policies: NotificationPolicy;
}
export type ListName = keyof Lists;

export const useNotificationList = <T extends ListName>(list: T) =>
  useQuery({
    queryKey: [key, list],
    queryFn: ({ signal }) => requestAll<Lists[T]>(`${base}/${list}`, { signal }),
    staleTime: 2000,
  });

export const useNotificationStatus = () =>
  useQuery({
    queryKey: [key, 'status'],
    queryFn: ({ signal }) => request<NotificationStatus>(`${base}/status`, { signal }),
    refetchInterval: 10_000,
    staleTime: 2000,
  });

export const useNotificationSettings = () =>
  useQuery({
    queryKey: [key, 'settings'],
    queryFn: ({ signal }) => request<NotificationSettings>(`${base}/settings`, { signal }),
  });

export const useDuties = (roster: string, fromMs: number, toMs: number) =>
  useQuery({
    queryKey: [key, 'duty', roster, fromMs, toMs],
    queryFn: ({ signal }) =>
      requestAll<RosterDuty>(`${base}/rosters/${roster}/duty?from=${fromMs}&to=${toMs}`, { signal }),
  });

/** Newest first, at most a page; an empty state: all of them. */
export const useDeliveries = (state: string) =>
  useQuery({
    queryKey: [key, 'deliveries', state],
    queryFn: ({ signal }) =>
      request<Page<NotificationDelivery>>(`${base}/deliveries?limit=200${state === '' ? '' : `&state=${state}`}`, {
        signal,
      }),
    refetchInterval: 5000,
    staleTime: 1000,
  });

export const useTemplates = () =>
  useQuery({
    queryKey: [key, 'templates'],
    queryFn: ({ signal }) => requestAll<NotificationTemplate>(`${base}/templates`, { signal }),
    staleTime: 2000,
  });
export const previewTemplate = (asked: TemplatePreviewRequest) =>
  request<TemplatePreview>(`${base}/templates/preview`, { method: 'POST', body: asked });

export const usePreview = (asked: PreviewRequest | null) =>
  useQuery({
    queryKey: [key, 'preview', asked],
    queryFn: ({ signal }) => request<PreviewResult>(`${base}/preview`, { method: 'POST', body: asked, signal }),
    enabled: asked !== null,
    staleTime: 2000,
  });

export const putNotification = (path: string, body: unknown) =>
  request<unknown>(`${base}/${path}`, { method: 'PUT', body });
export const removeNotification = (path: string) => request<unknown>(`${base}/${path}`, { method: 'DELETE' });
export const testChannel = (id: string, body: { address: string; language: string }) =>
  request<NotificationDelivery>(`${base}/channels/${id}/test`, { method: 'POST', body });
export const sendAgain = (id: string) =>
  request<NotificationDelivery>(`${base}/deliveries/${id}/retry`, { method: 'POST' });

/** Everything about notifications is asked for anew. */
export function useRefreshNotifications(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: [key] });
}

/** An id that nobody has to think of; names may be Chinese, ids may not. */
export const newId = (kind: string): string => `${kind}-${Math.random().toString(36).slice(2, 8)}`;
