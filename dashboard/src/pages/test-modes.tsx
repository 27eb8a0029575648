import { isOpenTestMode } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { useTestModePages } from '../api/test-modes.ts';
import { AlarmTabs } from '../components/alarm-tabs.tsx';
import { Page, Section } from '../components/page.tsx';
import { Empty, Loaded } from '../components/states.tsx';
import { TestModeRecord } from '../components/test-mode-record.tsx';
import { useLiveScope, useTestModes } from '../live/use-live.ts';
import { useSite, useTimeZone } from '../state/site.ts';

/** Planned work on equipment: what is in test now, what waits for approval, and what was. */
export default function TestModesPage() {
  const { t } = useTranslation();
  const timeZone = useTimeZone();
  const site = useSite()?.id;
  const live = useTestModes().filter((mode) => mode.site === site);
  useLiveScope({ kind: 'none' });
  // What ends leaves the live list; what changes rises in it. Either way the pages are asked for again.
  const pages = useTestModePages(
    site,
    live.reduce((sum, { revision }) => sum + revision + 1, 0),
  );
  return (
    <Page title={t('testMode.list')} crumbs={[{ label: t('nav.alarms'), to: '/alarms' }]} aside={<AlarmTabs />}>
      <div className="space-y-3">
        <Section title={t('testMode.now')} testId="tests-now">
          {live.length === 0 ? (
            <p className="text-dim">
              {t('testMode.noneNow')} {t('testMode.formerHint')}
            </p>
          ) : (
            <ul className="space-y-3">
              {live.map((mode) => (
                <TestModeRecord key={mode.id} mode={mode} timeZone={timeZone} />
              ))}
            </ul>
          )}
        </Section>
        <Section title={t('testMode.former')} testId="tests-former">
          <Loaded query={pages} what={t('testMode.failed')} rows={6}>
            {(data) => {
              const former = data.pages.flatMap(({ items }) => items).filter((mode) => !isOpenTestMode(mode));
              if (former.length === 0)
                return <Empty title={t('testMode.noneFormer')} hint={t('testMode.formerHint')} />;
              return (
                <>
                  <ul className="space-y-3">
                    {former.map((mode) => (
                      <TestModeRecord key={mode.id} mode={mode} timeZone={timeZone} />
                    ))}
                  </ul>
                  {pages.hasNextPage && (
                    <button
                      type="button"
                      className="button mt-3 w-full"
                      disabled={pages.isFetchingNextPage}
                      onClick={() => void pages.fetchNextPage()}
                    >
                      {t('testMode.more')}
                    </button>
                  )}
                </>
              );
            }}
          </Loaded>
        </Section>
      </div>
    </Page>
  );
}
