import type { AlarmKpiReport } from '@plantroom/contracts';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Overlay, TrackLook } from '../charts/plot-options.ts';
import { TimeChart } from '../charts/time-chart.tsx';
import { useChartLook } from '../charts/use-chart-look.ts';
import { dateTime } from '../format/time.ts';
import { usePreferences } from '../state/preferences.ts';

const floodAbove = 10;

/** Annunciated alarms in each ten minutes; floods are hatched, the line is where one begins. Drag to zoom, double-click to go back. */
export function AlarmRateChart({ report, timeZone }: { report: AlarmKpiReport; timeZone: string }) {
  const { t } = useTranslation();
  const { density } = usePreferences();
  const [zoom, setZoom] = useState<[number, number] | null>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const { fromMs, stepMs, counts } = report.rate;
  const data = useMemo(
    () => ({ x: counts.map((_, at) => fromMs + at * stepMs), ys: [counts] }),
    [counts, fromMs, stepMs],
  );
  const tracks = useMemo<TrackLook[]>(
    () => [{ id: 'rate', label: t('kpiPage.rate'), symbol: '', precision: 0, stepped: true }],
    [t],
  );
  const overlay = useMemo<Overlay>(
    () => ({
      holes: report.floods.map((flood) => ({
        fromMs: flood.fromMs,
        toMs: flood.toMs,
        reason: 'flood',
        words: t('kpiPage.flood', { count: flood.alarms }),
      })),
      limits: [{ label: t('kpiPage.floodLimit'), value: floodAbove, scale: 'y:' }],
      marks: [],
      orders: [],
    }),
    [report.floods, t],
  );
  const look = useChartLook();
  const [from, to] = zoom ?? [report.fromMs, report.toMs];
  return (
    <div>
      <TimeChart
        data={data}
        tracks={tracks}
        overlay={overlay}
        fromMs={from}
        toMs={to}
        timeZone={timeZone}
        height={density === 'wall' ? 320 : 220}
        look={look}
        onZoom={(a, b) => setZoom([a, b])}
        onReset={() => setZoom(null)}
        onCursor={setCursor}
      />
      <p className="num min-h-5 text-xs text-dim">
        {cursor !== null && counts[cursor] !== undefined
          ? t('kpiPage.at', { time: dateTime(fromMs + cursor * stepMs, timeZone), count: counts[cursor] })
          : t('kpiPage.chartHint')}
      </p>
    </div>
  );
}
