import type { Point } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { indicatorAt, indicatorOf } from '../format/indicator.ts';
import { showValue } from '../format/value.ts';
import { useLinkState, usePointValue } from '../live/use-live.ts';
import { useLocalText } from '../state/i18n.ts';
import { usePreferences } from '../state/preferences.ts';
import { fitText } from './fit-text.ts';

interface Props {
  point: Point | undefined;
  x: number;
  y: number;
  /** Name before the number; left out: none. */
  label?: string;
  anchor?: 'start' | 'middle' | 'end';
}

/** A live value inside a drawing, with the same manners as a value cell. */
export function SvgValue({ point, x, y, label, anchor = 'start' }: Props) {
  const live = usePointValue(point?.id ?? '');
  const link = useLinkState();
  const { t } = useTranslation();
  const { language } = usePreferences();
  if (point === undefined) return null;
  const bad = live === undefined || live.quality === 'bad' || live.value === null;
  const reason = live === undefined ? 'none' : (live.reason ?? 'unknown');
  const shown = showValue(point, bad ? null : live.value, { yes: t('value.yes'), no: t('value.no'), language });
  const why = bad
    ? t('value.missing', { reason: t(`qualityReason.${reason}`) })
    : link === 'live'
      ? undefined
      : t('value.frozen');
  return (
    <text
      x={x}
      y={y}
      textAnchor={anchor}
      data-testid="mimic-value"
      data-point={point.id}
      data-quality={live?.quality ?? 'none'}
    >
      {why !== undefined && <title>{why}</title>}
      {label !== undefined && <tspan className="label">{label} </tspan>}
      <tspan
        className="value"
        textDecoration={bad ? 'line-through' : live.quality === 'uncertain' ? 'underline dotted' : undefined}
        fontStyle={link === 'live' ? undefined : 'italic'}
        opacity={link === 'live' ? 1 : 0.6}
      >
        {bad ? ' – ' : shown.text}
      </tspan>
      {shown.symbol !== '' && <tspan className="label"> {shown.symbol}</tspan>}
    </text>
  );
}

export function useNumber(point: Point | undefined): number | null {
  const live = usePointValue(point?.id ?? '');
  if (point === undefined || live === undefined || live.quality === 'bad') return null;
  if (typeof live.value === 'boolean') return Number(live.value);
  return typeof live.value === 'number' ? live.value : null;
}

/** Name, number and moving indicator in one block, 150 × 40. */
export function SvgGauge({
  point,
  x,
  y,
  width = 150,
  name,
}: {
  point: Point | undefined;
  x: number;
  y: number;
  width?: number;
  /** Left out: the point's. */
  name?: string;
}) {
  const text = useLocalText();
  const value = useNumber(point);
  const live = useLinkState() === 'live';
  if (point === undefined) return null;
  const indicator = indicatorOf(point);
  const at = (fraction: number) => x + Math.min(1, Math.max(0, fraction)) * width;
  return (
    <g>
      <text x={x} y={y} className="label">
        {fitText(name ?? text(point.name), width - 70)}
      </text>
      <SvgValue point={point} x={x + width} y={y} anchor="end" />
      {indicator !== null && (
        <g>
          <rect x={x} y={y + 8} width={width} height={6} fill="rgb(var(--raised))" stroke="rgb(var(--line))" />
          {indicator.band !== null && (
            <rect
              x={at(indicator.band.from)}
              y={y + 8}
              width={at(indicator.band.to) - at(indicator.band.from)}
              height={6}
              fill="rgb(var(--band))"
            />
          )}
          {indicator.limits.map((limit) => (
            <line
              key={limit.kind}
              x1={at(limit.at)}
              x2={at(limit.at)}
              y1={y + 6}
              y2={y + 16}
              stroke="rgb(var(--edge))"
              strokeWidth={limit.kind.length}
            />
          ))}
          {value !== null && (
            <rect
              x={at(indicatorAt(indicator, value)) - 2}
              y={y + 4}
              width={4}
              height={14}
              fill={live ? 'rgb(var(--ink))' : 'rgb(var(--panel))'}
              stroke="rgb(var(--ink))"
            />
          )}
        </g>
      )}
    </g>
  );
}
