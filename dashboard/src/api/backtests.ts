import type { AlarmOverride, AlarmSetting, Backtest, BacktestRequest } from '@plantroom/contracts';
import { useEffect, useState } from 'react';
import { request } from './client.ts';

const pauseMs = 300;
const pollMs = 1_000;

export interface BacktestRun {
  /** The last that was answered; while another is under way it is that of the request before. */
  backtest: Backtest | null;
  /** 0 to 1 while one is under way; null: none is. */
  progress: number | null;
  problem: unknown;
  retry: () => void;
}

/** Tries what is asked a moment after it has last been changed; the server ends what this user asked before. */
export function useBacktest(asked: BacktestRequest | null): BacktestRun {
  const [attempt, setAttempt] = useState(0);
  const [backtest, setBacktest] = useState<Backtest | null>(null);
  const [progress, setProgress] = useState<number | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const body = asked === null ? null : JSON.stringify(asked);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the attempt only asks for the same again
  useEffect(() => {
    if (body === null) return;
    const abort = new AbortController();
    const { signal } = abort;
    const run = async (): Promise<void> => {
      setProblem(null);
      try {
        let now = await request<Backtest>('/api/backtests', { method: 'POST', body: JSON.parse(body), signal });
        while (now.state === 'running') {
          setProgress(now.progress);
          now = await request<Backtest>(`/api/backtests/${now.id}?waitMs=${pollMs}`, { signal });
        }
        if (now.state === 'done') setBacktest(now);
        else setProblem(new Error(now.error ?? now.state));
      } catch (error) {
        if (signal.aborted) return;
        setProblem(error);
      }
      setProgress(null);
    };
    setProgress(0);
    const timer = setTimeout(() => void run(), pauseMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [body, attempt]);
  return { backtest, progress, problem, retry: () => setAttempt((count) => count + 1) };
}

/** `backtest`: what it was tried with, for the audit. */
export function applyOverride(
  alarm: string,
  override: AlarmOverride,
  backtest: string,
): Promise<{ items: AlarmSetting[] }> {
  const [point = '', rule = ''] = alarm.split('#');
  return request<{ items: AlarmSetting[] }>(`/api/alarms/definitions/${point}/${rule}`, {
    method: 'PUT',
    body: { ...override, backtest },
  });
}
