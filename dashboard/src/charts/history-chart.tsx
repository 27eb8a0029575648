import type { Alarm, AlarmJournalEntry, HistorySeries, Point, WorkOrder } from '@plantroom/contracts';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { exportAddress, useHistory, useJournal } from '../api/queries.ts';
import { ErrorState } from '../components/states.tsx';
import { clockTime, dateTimeSeconds } from '../format/time.ts';
import { displayUnit, formatNumber, showValue } from '../format/value.ts';
import { liveStore } from '../live/live.ts';
import { useLinkState } from '../live/use-live.ts';
import { useNow } from '../live/use-now.ts';
import { useLocalText } from '../state/i18n.ts';
import { usePreferences } from '../state/preferences.ts';
import { alignTracks, type ChartValue, type Hole, heldUntil, mergeHoles, type Track, withTail } from './chart-data.ts';
import { type RangeKey, rangePresets, resolutionFor } from './chart-range.ts';
import { type Overlay, scaleOf, type TrackLook } from './plot-options.ts';
import { pointTracks } from './point-tracks.ts';
import { TimeChart } from './time-chart.tsx';
import { useChartLook } from './use-chart-look.ts';
import { useHoleWords } from './use-hole-words.ts';
import { useTail } from './use-tail.ts';

interface Props {
  points: readonly Point[];
  alarms: readonly Alarm[];
  /** Marked where they were opened; left out: none. */
  orders?: readonly WorkOrder[];
  timeZone: string;
  height?: number;
}

const noOrders: readonly WorkOrder[] = [];
const emptySeries = (point: string): HistorySeries => ({ point, t: [], v: [], truncated: false, holes: [] });
const reanchorMs = 600_000;

/** History of some points with limits, alarm marks and holes; with a preset it runs with the time, after a zoom it stands. */
export function HistoryChart({ points, alarms, orders = noOrders, timeZone, height = 280 }: Props) {
  const { t } = useTranslation();
  const text = useLocalText();
  const { language, density } = usePreferences();
  const holeWords = useHoleWords();
  const link = useLinkState();
  const [preset, setPreset] = useState<RangeKey>('1h');
  const [zoom, setZoom] = useState<[number, number] | null>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const span = rangePresets.find((each) => each.key === preset)?.ms ?? 3_600_000;
  const [anchorMs, setAnchorMs] = useState(() => liveStore.serverNow());
  // Fetched anew when the tail grows long, and after the link was away, since the tail has a gap then.
  const now = useNow(span <= 3_600_000 ? 1000 : 30_000);
  useEffect(() => {
    if (link === 'live') setAnchorMs(liveStore.serverNow());
  }, [link]);
  useEffect(() => {
    if (now - anchorMs > reanchorMs) setAnchorMs(now);
  }, [now, anchorMs]);

  const [fromMs, toMs] = zoom ?? [Math.max(anchorMs, now) - span, Math.max(anchorMs, now)];
  const window = zoom ?? [anchorMs - span, anchorMs];
  const resolutionMs = resolutionFor(window[1] - window[0], 900);
  const ids = points.map((point) => point.id);
  const query = useHistory(
    ids.length === 0 ? null : { points: ids, fromMs: window[0], toMs: window[1], resolutionMs, aggregate: 'minmax' },
  );
  const tail = useTail(zoom === null ? ids : [], anchorMs);
  const journal = useJournal(points[0]?.equipment ?? null);

  const single = points.length === 1;
  const { data, tracks, holes } = useMemo(() => {
    const looks: TrackLook[] = [];
    const lines: Track[] = [];
    const found: Hole[] = [];
    for (const point of points) {
      const series = query.data?.find((each) => each.point === point.id) ?? emptySeries(point.id);
      const known = withTail(series, tail.get(point.id) ?? []);
      const joined = zoom === null && link === 'live' ? heldUntil(known, heldValue(point.id), now) : known;
      found.push(...series.holes);
      const extremes = single && point.kind === 'number';
      const drawn = pointTracks(point, series, { label: text(point.name), resolutionMs, extremes, line: joined });
      looks.push(...drawn.looks);
      lines.push(...drawn.lines);
    }
    return { data: alignTracks(lines), tracks: looks, holes: mergeHoles(found) };
  }, [points, query.data, tail, text, single, resolutionMs, zoom, link, now]);

  const overlay = useMemo<Overlay>(
    () => ({
      holes: holes.map((hole) => ({ ...hole, words: holeWords(hole.reason) })),
      limits: points.flatMap((point) => {
        const unit = displayUnit(point);
        return point.limits
          .filter((limit) => limit.enabled)
          .map((limit) => ({
            label: `${limit.kind} ${formatNumber(limit.limit * unit.factor, unit.precision ?? point.precision)}`,
            value: limit.limit * unit.factor,
            scale: scaleOf({ symbol: unit.symbol }),
          }));
      }),
      marks: alarmMarks(journal.data ?? [], alarms, points[0]?.equipment),
      orders: orders.map((order) => ({ atMs: order.openedMs, label: order.id })),
    }),
    [holes, points, journal.data, alarms, orders, holeWords],
  );

  const look = useChartLook();
  const words = { yes: t('value.yes'), no: t('value.no'), language };
  const at = cursor === null ? undefined : data.x[cursor];

  return (
    <section className="rounded border border-line bg-panel p-3" aria-label={t('chart.title')}>
      <div className="mb-2 flex flex-wrap items-center gap-1">
        <h2 className="mr-auto font-semibold">{t('chart.title')}</h2>
        {rangePresets.map((each) => (
          <button
            key={each.key}
            type="button"
            aria-pressed={zoom === null && preset === each.key}
            className={`button px-2 ${zoom === null && preset === each.key ? 'button-main' : ''}`}
            onClick={() => {
              setPreset(each.key);
              setZoom(null);
              setAnchorMs(liveStore.serverNow());
            }}
          >
            {t(`range.${each.key}`)}
          </button>
        ))}
        <button type="button" className="button px-2" disabled={zoom === null} onClick={() => setZoom(null)}>
          {t('chart.reset')}
        </button>
        {ids.length > 0 && (
          <a className="button px-2" href={exportAddress(ids, fromMs, toMs)} download>
            {t('chart.export')}
          </a>
        )}
      </div>
      {query.isError && query.data === undefined ? (
        <ErrorState what={t('chart.failed')} error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <div className="relative" style={{ height: density === 'wall' ? height * 1.5 : height }}>
          {points.length === 0 ? (
            <p className="py-16 text-center text-faint">{t('chart.choose')}</p>
          ) : (
            <TimeChart
              data={data}
              tracks={tracks}
              overlay={overlay}
              fromMs={fromMs}
              toMs={toMs}
              timeZone={timeZone}
              height={density === 'wall' ? height * 1.5 : height}
              look={look}
              onZoom={(from, to) => setZoom([from, to])}
              onReset={() => setZoom(null)}
              onCursor={setCursor}
            />
          )}
          {data.x.length === 0 && points.length > 0 && !query.isPending && (
            <p className="pointer-events-none absolute inset-0 grid place-items-center text-faint">
              {t('chart.empty')}
            </p>
          )}
        </div>
      )}
      <Legend
        points={points}
        dashed={tracks.filter((track) => track.edge === undefined).map((track) => track.id)}
        at={at === undefined ? t('chart.hint') : dateTimeSeconds(at, timeZone)}
        shownAt={(id) => {
          const index = tracks.findIndex((track) => track.id === id && track.edge === undefined);
          const point = points.find((each) => each.id === id);
          const value = cursor === null ? undefined : valueAt(data.ys[index], cursor);
          if (point === undefined || value === undefined || value === null) return '–';
          const shown = showValue(point, value / displayUnit(point).factor, words);
          return `${shown.text} ${shown.symbol}`;
        }}
      />
      {holes.length > 0 && (
        <p className="mt-1 text-xs text-faint" data-testid="holes">
          {t('chart.holes')}{' '}
          {overlay.holes
            .slice(-4)
            .map((hole) => {
              const span = `${clockTime(hole.fromMs, timeZone)}–${clockTime(hole.toMs, timeZone)} ${hole.words}`;
              return hole.count === undefined
                ? span
                : `${span} ${t('chart.missing', { values: hole.count.toLocaleString(language) })}`;
            })
            .join(' · ')}
        </p>
      )}
      {query.data?.some((series) => series.truncated) && (
        <p className="mt-1 text-xs text-dim">{t('chart.truncated')}</p>
      )}
    </section>
  );
}

/** The present value as the chart draws it; null: there is none, or not a good one. */
function heldValue(id: string): number | null {
  const live = liveStore.point(id);
  if (live === undefined || live.quality !== 'good' || typeof live.value === 'string') return null;
  return live.value === null ? null : Number(live.value);
}

/** The value that holds at a column: the last sample at or before it, unless the line is broken there. */
function valueAt(column: readonly ChartValue[] | undefined, index: number): number | null | undefined {
  for (let i = index; i >= 0; i -= 1) {
    const value = column?.[i];
    if (value !== undefined) return value;
  }
  return undefined;
}

function alarmMarks(
  journal: readonly AlarmJournalEntry[],
  alarms: readonly Alarm[],
  equipment: string | undefined,
): Overlay['marks'] {
  const past = journal
    .filter(
      (entry) => entry.action === 'activated' && equipment !== undefined && entry.alarm.startsWith(`${equipment}/`),
    )
    .map((entry) => ({ atMs: entry.atMs, priority: entry.priority }));
  const open = alarms.flatMap((alarm) =>
    alarm.onsetMs === null ? [] : [{ atMs: alarm.onsetMs, priority: alarm.priority }],
  );
  return [...past, ...open];
}

const dashArrays = ['', '8 4', '2 3', '10 3 2 3', '5 2', '1 2'];

function Legend({
  points,
  dashed,
  at,
  shownAt,
}: {
  points: readonly Point[];
  dashed: readonly string[];
  at: string;
  shownAt: (id: string) => string;
}) {
  const text = useLocalText();
  return (
    <div className="num mt-1 flex flex-wrap gap-x-4 gap-y-1 text-xs text-dim">
      <span className="min-w-[12em]">{at}</span>
      {points.map((point) => (
        <span key={point.id} className="inline-flex items-center gap-1">
          <svg width="24" height="6" aria-hidden="true">
            <line
              x1="0"
              x2="24"
              y1="3"
              y2="3"
              stroke="currentColor"
              strokeWidth="1.5"
              strokeDasharray={dashArrays[dashed.indexOf(point.id) % dashArrays.length]}
            />
          </svg>
          {text(point.name)} <b className="font-semibold text-ink">{shownAt(point.id)}</b>
        </span>
      ))}
    </div>
  );
}
