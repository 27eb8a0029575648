import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { usePositions } from '../api/alarm-kpis.ts';
import { useHandover, useHandovers } from '../api/handovers.ts';
import { AlarmTabs } from '../components/alarm-tabs.tsx';
import { HandoverReport } from '../components/handover-report.tsx';
import { HandoverSigning } from '../components/handover-signing.tsx';
import { Page, Section } from '../components/page.tsx';
import { Loaded } from '../components/states.tsx';
import { dateTime } from '../format/time.ts';
import { useLiveScope } from '../live/use-live.ts';
import { useLocalText } from '../state/i18n.ts';
import { useSite, useTimeZone } from '../state/site.ts';

/** One shift to the next: what stands, what happened, what was noted, and who says so. */
export default function HandoverPage() {
  const { t } = useTranslation();
  const text = useLocalText();
  const timeZone = useTimeZone();
  const site = useSite()?.id;
  const [search, setSearch] = useSearchParams();
  const id = search.get('id');
  const known = usePositions(site);
  const positions = known.data;
  const isShared = positions !== undefined && positions.length > 1;
  const chosen = search.get('position') ?? positions?.[0]?.id ?? null;
  const scope = site === undefined || positions === undefined ? null : { site, position: isShared ? chosen : null };
  const handover = useHandover(scope, id);
  const former = useHandovers(scope).data ?? [];
  useLiveScope({ kind: 'none' });
  const span = (fromMs: number, toMs: number) =>
    `${dateTime(fromMs, timeZone)} – ${dateTime(toMs, timeZone).slice(11)}`;
  return (
    <Page
      title={t('handover.title')}
      crumbs={[{ label: t('nav.alarms'), to: '/alarms' }]}
      aside={
        <div className="min-w-0 print:hidden">
          <AlarmTabs />
        </div>
      }
    >
      {isShared && id === null && (
        <fieldset className="mb-3 flex flex-wrap gap-1 print:hidden">
          <legend className="sr-only">{t('handover.position')}</legend>
          {positions.map((each) => (
            <button
              key={each.id}
              type="button"
              className={`button ${each.id === chosen ? 'button-main' : ''}`}
              aria-pressed={each.id === chosen}
              onClick={() => setSearch({ position: each.id }, { replace: true })}
              data-testid={`handover-position-${each.id}`}
            >
              {text(each.name)}
            </button>
          ))}
        </fieldset>
      )}
      <Loaded query={known.isError ? { ...known, data: undefined } : handover} what={t('handover.failed')} rows={8}>
        {(shown) => (
          <div className="space-y-3" data-testid="handover" data-state={shown.state}>
            <div className="flex flex-wrap items-center gap-2">
              <p className="num font-medium">
                {shown.position !== null && `${text(shown.position.name)} · `}
                {text(shown.shift.name)} · {span(shown.fromMs, shown.toMs)}
              </p>
              <span className="rounded border border-edge px-2 py-0.5 text-xs">
                {t(`handoverState.${shown.state}`)}
              </span>
              <span className="num text-xs text-faint">
                {t('handover.made', { time: dateTime(shown.report.madeMs, timeZone) })}
              </span>
              <button type="button" className="button ml-auto print:hidden" onClick={() => window.print()}>
                {t('kpiPage.print')}
              </button>
            </div>
            <HandoverSigning key={`${shown.position?.id} ${shown.fromMs}`} handover={shown} timeZone={timeZone} />
            <HandoverReport report={shown.report} timeZone={timeZone} />
            <div className="print:hidden">
              <Section title={t('handover.former')}>
                {id !== null && (
                  <Link className="link" to="/handover">
                    {t('handover.now')}
                  </Link>
                )}
                {former.length === 0 ? (
                  <p className="text-dim">{t('handover.noFormer')}</p>
                ) : (
                  <ul data-testid="handover-list">
                    {former.map((each) => (
                      <li key={each.id} className="border-t border-line first:border-t-0">
                        <Link
                          className="flex min-h-11 flex-wrap items-center gap-x-3 hover:bg-raised lg:min-h-9"
                          to={`/handover?id=${each.id}`}
                        >
                          <span className="num">{span(each.fromMs, each.toMs)}</span>
                          <span>{text(each.shift.name)}</span>
                          {isShared && (
                            <span>{each.position === null ? t('handover.wholeSite') : text(each.position.name)}</span>
                          )}
                          <span className="text-dim">{t(`handoverState.${each.state}`)}</span>
                          <span className="ml-auto text-dim">
                            {each.leftBy ?? '–'} → {each.takenBy ?? '–'}
                          </span>
                        </Link>
                      </li>
                    ))}
                  </ul>
                )}
              </Section>
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  );
}
