import type { Point } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { useLinkState, usePointValue } from '../live/use-live.ts';

export type RunState = 'running' | 'stopped' | 'transition' | 'unknown';

/** The point that says whether the thing runs: the classes call it `running`; without one, the output or speed of its fan. */
export function runPoint(points: readonly Point[]): Point | undefined {
  return (
    points.find((point) => point.kind === 'boolean' && /\/(running|run|fan-running|motor-running)$/.test(point.id)) ??
    points.find((point) => point.id.endsWith('/supply-fan-output')) ??
    points.find((point) => point.id.endsWith('/supply-fan-speed'))
  );
}

export function useRunState(point: Point | undefined): RunState {
  const live = usePointValue(point?.id ?? '');
  if (point === undefined || live === undefined || live.quality === 'bad' || live.value === null) return 'unknown';
  return Number(live.value) > 0 ? 'running' : 'stopped';
}

/** Running filled, stopped hollow, transition half, unknown dashed; never green or red. */
export function RunGlyph({ point }: { point: Point | undefined }) {
  const { t } = useTranslation();
  const state = useRunState(point);
  const link = useLinkState();
  if (point === undefined) return null;
  return (
    <svg
      viewBox="0 0 16 16"
      className={`h-3.5 w-3.5 shrink-0 ${link === 'live' ? 'text-ink' : 'text-faint'}`}
      role="img"
      aria-label={t(`run.${state}`)}
      data-run={state}
    >
      <title>{t(`run.${state}`)}</title>
      <circle
        cx="8"
        cy="8"
        r="6"
        fill={state === 'running' ? 'currentColor' : 'none'}
        stroke="currentColor"
        strokeWidth="2"
        strokeDasharray={state === 'unknown' ? '2 3' : undefined}
      />
      {state === 'transition' && <path d="M8 2a6 6 0 0 0 0 12z" fill="currentColor" />}
    </svg>
  );
}
