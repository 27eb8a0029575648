import type { HistorySeries, Point } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { useLocalText } from '../state/i18n.ts';
import { IndicatorBar } from './indicator-bar.tsx';
import { Sparkline } from './sparkline.tsx';
import { ValueCell } from './value-cell.tsx';

interface Props {
  points: readonly Point[];
  /** In the chart. */
  charted: readonly string[];
  onChart: (id: string) => void;
  selected: string | null;
  onSelect: (id: string) => void;
  sparks: readonly HistorySeries[];
  sparkFromMs: number;
  sparkToMs: number;
}

/** Name, indicator, number, unit, last hours; a click opens the point, the box puts it into the chart. */
export function PointTable({ points, charted, onChart, selected, onSelect, sparks, sparkFromMs, sparkToMs }: Props) {
  const { t } = useTranslation();
  const text = useLocalText();
  return (
    <ul className="divide-y divide-line" data-testid="point-table">
      {points.map((point) => (
        <li
          key={point.id}
          className={`grid min-h-9 grid-cols-[1.75rem_minmax(0,1fr)_minmax(5em,auto)] items-center gap-x-2 sm:grid-cols-[1.75rem_minmax(0,1fr)_5rem_minmax(6.5em,auto)_5.5rem] ${selected === point.id ? 'bg-raised' : ''}`}
        >
          {point.kind === 'string' ? (
            <span />
          ) : (
            <input
              type="checkbox"
              className="h-4 w-4 justify-self-center accent-[rgb(var(--dim))]"
              checked={charted.includes(point.id)}
              onChange={() => onChart(point.id)}
              aria-label={t('chart.toggle', { point: text(point.name) })}
              data-testid="chart-toggle"
            />
          )}
          <button
            type="button"
            className="min-h-9 truncate text-left hover:underline"
            onClick={() => onSelect(point.id)}
            data-testid="point-row"
            data-point={point.id}
          >
            {text(point.name)}
          </button>
          <IndicatorBar point={point} className="hidden w-full sm:block" />
          <ValueCell point={point} className="text-right" />
          <Sparkline
            series={sparks.find((each) => each.point === point.id)}
            fromMs={sparkFromMs}
            toMs={sparkToMs}
            className="hidden w-full sm:block"
          />
        </li>
      ))}
    </ul>
  );
}
