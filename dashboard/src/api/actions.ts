import type {
  AlarmOverride,
  Command,
  CommandRequest,
  LimitKind,
  PointLimitChange,
  Session,
  WorkOrderActionRequest,
  WorkOrderDetail,
} from '@plantroom/contracts';
import { request } from './client.ts';

export const signIn = (body: { username: string; password: string }) =>
  request<Session>('/api/session', { method: 'POST', body });

export const signOut = () => request<unknown>('/api/session', { method: 'DELETE' });

export const putLimit = (point: string, limit: PointLimitChange) =>
  request<unknown>(`/api/points/${point}/limits/${limit.kind}`, { method: 'PUT', body: limit });

export const deleteLimit = (point: string, kind: LimitKind, reason: string) =>
  request<unknown>(`/api/points/${point}/limits/${kind}?reason=${encodeURIComponent(reason)}`, { method: 'DELETE' });

/** `alarm`: `<site>/<equipment>/<point>#<rule>` */
const settingUrl = (alarm: string): string => `/api/alarms/definitions/${alarm.replace('#', '/')}`;

export const putAlarmOverride = (alarm: string, override: AlarmOverride) =>
  request<unknown>(settingUrl(alarm), { method: 'PUT', body: override });

export const resetAlarmOverride = (alarm: string, reason: string) =>
  request<unknown>(`${settingUrl(alarm)}?reason=${encodeURIComponent(reason)}`, { method: 'DELETE' });

export const setPoint = (body: CommandRequest) => request<Command>('/api/points/commands', { method: 'POST', body });

export const actOnOrder = (id: string, action: WorkOrderActionRequest) =>
  request<WorkOrderDetail>(`/api/work-orders/${id}/actions`, { method: 'POST', body: action });

export const commentOnOrder = (id: string, comment: string) =>
  request<unknown>(`/api/work-orders/${id}/comments`, { method: 'POST', body: { comment } });

export const setChecklistStep = (id: string, index: number, done: boolean) =>
  request<unknown>(`/api/work-orders/${id}/checklist/${index}`, { method: 'PUT', body: { done } });
