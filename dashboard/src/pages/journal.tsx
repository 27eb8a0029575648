import { type JournalRow, journalFormats } from '@plantroom/contracts';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { journalFileAddress, useJournalPages } from '../api/journal.ts';
import { AlarmPanel } from '../components/alarm-panel.tsx';
import { AlarmTabs } from '../components/alarm-tabs.tsx';
import { type FilterChange, JournalFilterBar } from '../components/journal-filter-bar.tsx';
import { JournalList } from '../components/journal-list.tsx';
import { Page } from '../components/page.tsx';
import { Empty, Loaded } from '../components/states.tsx';
import { journalFilterFrom } from '../format/journal-filter.ts';
import { useLiveScope } from '../live/use-live.ts';
import { usePreferences } from '../state/preferences.ts';
import { useSite, useTimeZone } from '../state/site.ts';

/** What happened to alarms and who did what: searched, read page by page, taken along as a file. */
export default function JournalPage() {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const [search, setSearch] = useSearchParams();
  const timeZone = useTimeZone();
  const site = useSite()?.id;
  const [selected, setSelected] = useState<JournalRow | null>(null);
  const chosen = useMemo(() => journalFilterFrom(search), [search]);
  const filter = useMemo(() => (site === undefined ? chosen : { ...chosen, site }), [chosen, site]);
  const journal = useJournalPages(filter);
  useLiveScope({ kind: 'none' });
  const change = useCallback(
    (changes: FilterChange) =>
      setSearch(
        (now) => {
          const next = new URLSearchParams(now);
          for (const [key, value] of Object.entries(changes)) {
            next.delete(key);
            for (const each of [value ?? []].flat()) if (each !== '') next.append(key, each);
          }
          return next;
        },
        { replace: true },
      ),
    [setSearch],
  );
  return (
    <Page
      title={t('alarms.journal')}
      crumbs={[{ label: t('nav.alarms'), to: '/alarms' }]}
      aside={<AlarmTabs />}
      drawer={
        selected !== null && (
          <AlarmPanel
            key={selected.alarm}
            id={selected.alarm}
            equipment={selected.equipment}
            timeZone={timeZone}
            onClose={() => setSelected(null)}
          />
        )
      }
    >
      <JournalFilterBar filter={chosen} timeZone={timeZone} onChange={change} />
      <div className="mb-2 flex flex-wrap items-center gap-2">
        {journalFormats.map((format) => (
          <a
            key={format}
            className="button"
            href={journalFileAddress(filter, format, language)}
            download
            data-testid={`journal-export-${format}`}
          >
            {t('journal.export', { format: format.toUpperCase() })}
          </a>
        ))}
        <span className="text-xs text-faint">{t('journal.exportHint')}</span>
      </div>
      <Loaded query={journal} what={t('journal.failed')} rows={10}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.items);
          if (rows.length === 0) return <Empty title={t('journal.empty')} hint={t('journal.emptyHint')} />;
          return (
            <>
              <JournalList rows={rows} timeZone={timeZone} selected={selected?.seq ?? null} onSelect={setSelected} />
              {journal.hasNextPage && (
                <button
                  type="button"
                  className="button mt-2 w-full"
                  disabled={journal.isFetchingNextPage}
                  onClick={() => void journal.fetchNextPage()}
                  data-testid="journal-more"
                >
                  {t('journal.more')}
                </button>
              )}
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}
