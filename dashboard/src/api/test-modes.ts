import type { TestMode, TestModeExtension, TestModeRequest } from '@plantroom/contracts';
import { newActId } from './act-id.ts';
import { ApiProblem, request } from './client.ts';

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
