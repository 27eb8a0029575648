import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useAlarmKpis, usePositions } from '../api/alarm-kpis.ts';
import { AlarmRateChart } from '../components/alarm-rate-chart.tsx';
import { AlarmTabs } from '../components/alarm-tabs.tsx';
import { BadActors, StaleAlarms } from '../components/bad-actors.tsx';
import { KpiTile } from '../components/kpi-tile.tsx';
import { Page, Section } from '../components/page.tsx';
import { PriorityBars } from '../components/priority-bars.tsx';
import { Loaded } from '../components/states.tsx';
import { dateTime } from '../format/time.ts';
import { useDurationText } from '../format/use-kpi-text.ts';
import { useLiveScope } from '../live/use-live.ts';
import { useLocalText } from '../state/i18n.ts';
import { useSite, useTimeZone } from '../state/site.ts';

const periods = [1, 7, 30, 90, 365] as const;

/** How good the alarms themselves are: rates, floods and nuisances against the targets of the standards. */
export default function AlarmPerformancePage() {
  const { t } = useTranslation();
  const text = useLocalText();
  const duration = useDurationText();
  const [search, setSearch] = useSearchParams();
  const site = useSite();
  const timeZone = useTimeZone();
  useLiveScope({ kind: 'none' });
  const days = periods.find((each) => String(each) === search.get('days')) ?? 30;
  const position = search.get('position');
  const positions = usePositions(site?.id).data ?? [];
  const report = useAlarmKpis(site === undefined ? null : { site: site.id, position, days });
  const choose = (key: string, value: string) =>
    setSearch(
      (now) => {
        const next = new URLSearchParams(now);
        if (value === '') next.delete(key);
        else next.set(key, value);
        return next;
      },
      { replace: true },
    );
  return (
    <Page
      title={t('alarms.performance')}
      crumbs={[{ label: t('nav.alarms'), to: '/alarms' }]}
      aside={
        <div className="min-w-0 print:hidden">
          <AlarmTabs />
        </div>
      }
    >
      <div className="mb-3 flex flex-wrap items-center gap-2 print:hidden">
        {periods.map((each) => (
          <button
            key={each}
            type="button"
            className={`button px-2 ${each === days ? 'ring-2 ring-ink' : ''}`}
            aria-pressed={each === days}
            onClick={() => choose('days', String(each))}
            data-testid={`days-${each}`}
          >
            {t('kpiPage.days', { count: each })}
          </button>
        ))}
        {positions.length > 1 && (
          <select
            className="field w-auto"
            aria-label={t('kpiPage.position')}
            value={position ?? ''}
            onChange={(event) => choose('position', event.target.value)}
            data-testid="position"
          >
            <option value="">{t('kpiPage.allPositions')}</option>
            {positions.map((each) => (
              <option key={each.id} value={each.id}>
                {text(each.name)}
              </option>
            ))}
          </select>
        )}
        <button type="button" className="button" onClick={() => window.print()}>
          {t('kpiPage.print')}
        </button>
      </div>
      <Loaded query={report} what={t('kpiPage.failed')} rows={8}>
        {(shown) => (
          <div className="space-y-3" data-testid="kpi-report">
            <p className="num text-dim">
              {dateTime(shown.fromMs, timeZone)} – {dateTime(shown.toMs, timeZone)} ·{' '}
              {t('kpiPage.annunciated', { count: shown.annunciated })}
            </p>
            {shown.isShort && (
              <p className="rounded border border-edge bg-raised px-3 py-2" role="note" data-testid="short-period">
                {t('kpiPage.short')}
              </p>
            )}
            <div className="grid grid-cols-2 gap-2 sm:grid-cols-3 lg:grid-cols-4 2xl:grid-cols-6">
              {shown.kpis.map((kpi) => (
                <KpiTile key={kpi.id} kpi={kpi} />
              ))}
            </div>
            <Section title={t('kpiPage.rate')}>
              <AlarmRateChart report={shown} timeZone={timeZone} />
            </Section>
            <Section title={t('kpiPage.badActors')}>
              <BadActors report={shown} />
            </Section>
            <div className="grid gap-3 lg:grid-cols-2">
              <Section title={t('kpiPage.priorities')}>
                <PriorityBars report={shown} />
              </Section>
              <Section title={t('kpiPage.stale')}>
                <StaleAlarms report={shown} timeZone={timeZone} />
              </Section>
            </div>
            <Section title={t('kpiPage.timeInState')}>
              <dl className="grid grid-cols-2 gap-2 sm:grid-cols-4">
                {Object.entries(shown.timeInState).map(([state, ms]) => (
                  <div key={state}>
                    <dt className="text-xs text-faint">{t(`alarmState.${state}`)}</dt>
                    <dd className="num">{duration(ms)}</dd>
                  </div>
                ))}
              </dl>
            </Section>
          </div>
        )}
      </Loaded>
    </Page>
  );
}
