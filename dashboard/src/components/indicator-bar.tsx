import type { Point } from '@plantroom/contracts';
import { useMemo } from 'react';
import { indicatorAt, indicatorOf } from '../format/indicator.ts';
import { useLinkState, usePointValue } from '../live/use-live.ts';

/** Moving analog indicator: where the value stands against its normal band; a glance replaces reading the number. */
export function IndicatorBar({ point, className = '' }: { point: Point; className?: string }) {
  const live = usePointValue(point.id);
  const link = useLinkState();
  const indicator = useMemo(() => indicatorOf(point), [point]);
  if (indicator === null) return <span className={className} />;
  const known = live !== undefined && live.quality !== 'bad' && typeof live.value === 'number' ? live.value : null;
  const at = known === null ? null : indicatorAt(indicator, known) * 100;
  const { band, limits } = indicator;
  return (
    <svg viewBox="-3 0 106 16" preserveAspectRatio="none" className={`h-3.5 ${className}`} aria-hidden="true">
      <rect
        x="0"
        y="5"
        width="100"
        height="6"
        fill="rgb(var(--raised))"
        stroke="rgb(var(--line))"
        vectorEffect="non-scaling-stroke"
      />
      {band !== null && (
        <rect
          x={band.from * 100}
          y="5"
          width={Math.max(0, band.to - band.from) * 100}
          height="6"
          fill="rgb(var(--band))"
        />
      )}
      {limits.map((limit) => (
        <line
          key={limit.kind}
          x1={limit.at * 100}
          x2={limit.at * 100}
          y1={limit.kind.length === 2 ? 2 : 4}
          y2={limit.kind.length === 2 ? 14 : 12}
          stroke="rgb(var(--edge))"
          strokeWidth={limit.kind.length === 2 ? 2 : 1}
          vectorEffect="non-scaling-stroke"
        />
      ))}
      {at !== null && (
        <rect
          x={at - 1.5}
          y="1.5"
          width="3"
          height="13"
          fill={link === 'live' ? 'rgb(var(--ink))' : 'none'}
          stroke="rgb(var(--ink))"
          vectorEffect="non-scaling-stroke"
        />
      )}
    </svg>
  );
}
