import { useState } from 'react';

export interface RequestState {
  busy: boolean;
  /** Why the last one was not done; null: it was, or none has been made. */
  problem: unknown;
  clear: () => void;
  /** True: done. It does not throw: a failure becomes the problem. */
  run: (what: () => Promise<unknown>) => Promise<boolean>;
}

/** What a form asks of the server, one thing at a time. */
export function useRequest(): RequestState {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const run = async (what: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setProblem(null);
    try {
      await what();
      return true;
    } catch (error) {
      setProblem(error);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, clear: () => setProblem(null), run };
}
