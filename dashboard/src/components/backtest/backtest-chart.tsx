import type { AlarmPriority, BacktestAlarm, Point } from '@plantroom/contracts';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHistory } from '../../api/queries.ts';
import { alignTracks } from '../../charts/chart-data.ts';
import { resolutionFor } from '../../charts/chart-range.ts';
import { type Overlay, scaleOf } from '../../charts/plot-options.ts';
import { pointTracks } from '../../charts/point-tracks.ts';
import { TimeChart } from '../../charts/time-chart.tsx';
import { useChartLook } from '../../charts/use-chart-look.ts';
import { useHoleWords } from '../../charts/use-hole-words.ts';
import { dateTime } from '../../format/time.ts';
import { displayUnit, formatNumber } from '../../format/value.ts';
import { useLocalText } from '../../state/i18n.ts';
import { usePreferences } from '../../state/preferences.ts';
import { ErrorState, Skeleton } from '../states.tsx';

interface Props {
  point: Point;
  alarm: BacktestAlarm;
  priority: AlarmPriority;
  fromMs: number;
  toMs: number;
  timeZone: string;
}

const height = 240;
/** More would hide the line that they are about. */
const mostMarks = 60;

/** The point over the range, with the limit in force and the one that is tried, and a mark for each alarm that would be raised. */
export function BacktestChart({ point, alarm, priority, fromMs, toMs, timeZone }: Props) {
  const { t } = useTranslation();
  const text = useLocalText();
  const { density } = usePreferences();
  const holeWords = useHoleWords();
  const [zoom, setZoom] = useState<[number, number] | null>(null);
  const [from, to] = zoom ?? [fromMs, toMs];
  const resolutionMs = resolutionFor(to - from, 900);
  const query = useHistory({ points: [point.id], fromMs: from, toMs: to, resolutionMs, aggregate: 'minmax' });
  const unit = displayUnit(point);
  const series = query.data?.[0];
  const { data, tracks } = useMemo(() => {
    if (series === undefined) return { data: alignTracks([]), tracks: [] };
    const { looks, lines } = pointTracks(point, series, { label: text(point.name), resolutionMs, extremes: true });
    return { data: alignTracks(lines), tracks: looks };
  }, [series, point, text, resolutionMs]);
  const marks = (alarm.after?.occurrences ?? [])
    .filter(({ raisedMs }) => raisedMs >= from && raisedMs < to)
    .map(({ raisedMs }) => ({ atMs: raisedMs, priority }));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the marks follow from the alarm and the zoom
  const overlay = useMemo<Overlay>(() => {
    const limits = (['before', 'after'] as const).flatMap((name) => {
      const condition = alarm[name]?.condition;
      if (condition?.type !== 'limit') return [];
      const value = condition.limit * unit.factor;
      const figure = formatNumber(value, unit.precision ?? point.precision);
      return [{ label: `${t(`backtest.${name}`)} ${figure}`, value, scale: scaleOf({ symbol: unit.symbol }) }];
    });
    return {
      holes: (series?.holes ?? []).map((hole) => ({ ...hole, words: holeWords(hole.reason) })),
      limits: limits[0]?.value === limits[1]?.value ? limits.slice(0, 1) : limits,
      marks: marks.length > mostMarks ? [] : marks,
      orders: [],
    };
  }, [alarm, series, unit, point, priority, from, to, t, holeWords]);
  const look = useChartLook();
  if (query.isError) {
    return <ErrorState what={t('chart.failed')} error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (series === undefined) return <Skeleton rows={5} />;
  return (
    <>
      <TimeChart
        data={data}
        tracks={tracks}
        overlay={overlay}
        fromMs={from}
        toMs={to}
        timeZone={timeZone}
        height={density === 'wall' ? height * 1.5 : height}
        look={look}
        onZoom={(a, b) => setZoom([a, b])}
        onReset={() => setZoom(null)}
        onCursor={() => undefined}
      />
      <p className="num flex flex-wrap items-center gap-2 text-xs text-faint">
        {marks.length > mostMarks ? t('backtest.chartMany', { count: marks.length }) : t('backtest.chartHint')}
        {zoom !== null && (
          <button type="button" className="button px-2" onClick={() => setZoom(null)}>
            {t('chart.reset')} ({dateTime(from, timeZone)} – {dateTime(to, timeZone)})
          </button>
        )}
      </p>
    </>
  );
}
