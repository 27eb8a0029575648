import type { AlarmActResult, AlarmRules, ShelvingMode } from '@plantroom/contracts';
import { useQuery } from '@tanstack/react-query';
import { newActId } from './act-id.ts';
import { ApiProblem, request } from './client.ts';

export type AlarmAct =
  /** An empty comment is none. */
  | { kind: 'ack' | 'reset' | 'unshelve' | 'return-to-service'; comment: string }
  | { kind: 'comment'; comment: string }
  | { kind: 'shelve'; mode: ShelvingMode; durationMs: number; reason: string }
  /** An empty password: oneself approves, where there is no other. */
  | { kind: 'out-of-service'; approver: string; password: string; workOrder: string; reviewMs: number; reason: string };

/** One act on several alarms. Its id makes it safe to send again when no answer came: it is done once. */
export async function actOnAlarms(ids: readonly string[], { kind, ...said }: AlarmAct): Promise<AlarmActResult> {
  const filled = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== ''));
  const send = () => request<AlarmActResult>(`/api/alarms/${kind}`, { method: 'POST', body });
  const body = { ids, ...filled, actId: newActId() };
  try {
    return await send();
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 0) return send();
    throw error;
  }
}

/** How long may be shelved, and who may approve. */
export const useAlarmRules = () =>
  useQuery({
    queryKey: ['alarm-rules'],
    queryFn: ({ signal }) => request<AlarmRules>('/api/alarms/rules', { signal }),
  });
