import type { HistorySeries } from '@plantroom/contracts';
import { useMemo } from 'react';
import { sparkPaths } from '../charts/spark.ts';

/** Shape of the last hours; breaks where there was no data. */
export function Sparkline({
  series,
  fromMs,
  toMs,
  className = '',
}: {
  series: HistorySeries | undefined;
  fromMs: number;
  toMs: number;
  className?: string;
}) {
  const path = useMemo(
    () => (series === undefined ? '' : sparkPaths(series, { fromMs, toMs, width: 100, height: 24 })),
    [series, fromMs, toMs],
  );
  return (
    <svg viewBox="0 0 100 24" preserveAspectRatio="none" className={`h-6 ${className}`} aria-hidden="true">
      <path d={path} fill="none" stroke="rgb(var(--dim))" strokeWidth="1.2" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
