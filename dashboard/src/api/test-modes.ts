import type { JournalRow, TestMode, TestModeExtension, TestModeRequest } from '@plantroom/contracts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { newActId } from './act-id.ts';
import { ApiProblem, type Page, request, requestAll } from './client.ts';

export type TestModeAct =
  | ({ kind: 'request' } & Omit<TestModeRequest, 'actId'>)
  | { kind: 'approve' | 'end'; id: string }
  | ({ kind: 'extend'; id: string } & TestModeExtension);

/** Each is harmless to send again, which is done once when no answer came. */
export async function actOnTestMode(act: TestModeAct): Promise<TestMode> {
  const [path, body] = act.kind === 'request' ? requestOf(act) : changeOf(act);
  const send = () => request<TestMode>(path, { method: 'POST', body });
  try {
    return await send();
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 0) return send();
    throw error;
  }
}

function requestOf({ kind: _, ...asked }: Extract<TestModeAct, { kind: 'request' }>): [string, object] {
  return ['/api/test-modes', { ...asked, actId: newActId() }];
}

function changeOf({ kind, id, ...said }: Exclude<TestModeAct, { kind: 'request' }>): [string, object] {
  return [`/api/test-modes/${encodeURIComponent(id)}/${kind}`, said];
}

const pageModes = 30;

/** All of a site, newest first, page by page; `revision`: rises when one changes. */
export const useTestModePages = (site: string | undefined, revision: number) =>
  useInfiniteQuery({
    queryKey: ['test-modes', site, revision],
    queryFn: ({ pageParam, signal }) => {
      const after = pageParam === null ? '' : `&after=${pageParam}`;
      return request<Page<TestMode>>(`/api/test-modes?site=${site}&limit=${pageModes}${after}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    enabled: site !== undefined,
    placeholderData: (before) => before,
  });

/** What the journal says of the alarms of a test mode. */
export const useTestModeJournal = (id: string, isAsked: boolean, isRunning: boolean) =>
  useQuery({
    queryKey: ['test-mode-journal', id, isRunning],
    queryFn: ({ signal }) => {
      const actions = ['activated', 'reactivated', 'test-ended'].map((action) => `action=${action}`).join('&');
      return requestAll<JournalRow>(`/api/alarms/journal?test=${id}&${actions}&limit=1000`, { signal });
    },
    enabled: isAsked,
    refetchInterval: isRunning ? 10_000 : false,
  });
