import type { Point } from '@plantroom/contracts';
import { Table, TableBody, TableCell, TableHead, TableHeaderCell, TableRow } from '@tremor/react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useJournal, useSitePoints } from '../api/queries.ts';
import { AlarmShape } from '../components/alarm-shape.tsx';
import { AlarmTabs } from '../components/alarm-tabs.tsx';
import { Page } from '../components/page.tsx';
import { Empty, Loaded } from '../components/states.tsx';
import { dateTimeSeconds } from '../format/time.ts';
import { useAlarms, useLiveScope } from '../live/use-live.ts';
import { useLocalText } from '../state/i18n.ts';
import { pointsById, useEquipmentIndex, useSite, useTimeZone } from '../state/site.ts';

const noPoints: readonly Point[] = [];

export default function JournalPage() {
  const { t } = useTranslation();
  const text = useLocalText();
  const timeZone = useTimeZone();
  const equipment = useEquipmentIndex();
  const journal = useJournal();
  const alarms = useAlarms();
  const points = useSitePoints(useSite()?.id).data ?? noPoints;
  const [filter, setFilter] = useState('');
  useLiveScope({ kind: 'none' });
  const nameOf = (alarm: string) => {
    const [site, slug] = alarm.split('/');
    const unit = equipment.get(`${site}/${slug}`);
    return unit === undefined ? '' : text(unit.name);
  };
  /** The alarm by its name while it is known, else by its point. */
  const whatOf = (alarm: string) => {
    const held = alarms.find((each) => each.id === alarm);
    const point = pointsById(points).get(alarm.split('#')[0] ?? '');
    if (held !== undefined) return text(held.guidance.name);
    return point === undefined ? alarm.split('/').slice(2).join('/') : text(point.name);
  };
  return (
    <Page title={t('alarms.journal')} crumbs={[{ label: t('nav.alarms'), to: '/alarms' }]} aside={<AlarmTabs />}>
      <Loaded query={journal} what={t('journal.failed')} rows={10}>
        {(entries) => {
          const words = filter.toLowerCase();
          const shown = entries.filter((entry) =>
            `${entry.alarm} ${nameOf(entry.alarm)} ${whatOf(entry.alarm)} ${entry.user ?? ''} ${entry.comment ?? ''}`
              .toLowerCase()
              .includes(words),
          );
          return (
            <>
              <input
                className="field mb-2 max-w-xs"
                type="search"
                placeholder={t('alarms.search')}
                aria-label={t('alarms.search')}
                value={filter}
                onChange={(event) => setFilter(event.target.value)}
              />
              {shown.length === 0 ? (
                <Empty title={t('journal.empty')} hint={t('journal.emptyHint')} />
              ) : (
                <Table className="rounded border border-line bg-panel" data-testid="journal">
                  <TableHead>
                    <TableRow>
                      {['time', 'priority', 'action', 'equipment', 'state', 'user', 'comment'].map((column) => (
                        <TableHeaderCell key={column} className="px-3 py-2">
                          {t(`journal.${column}`)}
                        </TableHeaderCell>
                      ))}
                    </TableRow>
                  </TableHead>
                  <TableBody>
                    {shown.map((entry) => (
                      <TableRow key={entry.seq}>
                        <TableCell className="num px-3 py-1.5">
                          {dateTimeSeconds(entry.atMs, timeZone)}
                          {(entry.historical || entry.action === 'corrected') && (
                            <span className="block text-xs text-faint">
                              {t('journal.recorded', { time: dateTimeSeconds(entry.recordedMs, timeZone) })}
                            </span>
                          )}
                        </TableCell>
                        <TableCell className="px-3 py-1.5">
                          <AlarmShape priority={entry.priority} />
                        </TableCell>
                        <TableCell className="px-3 py-1.5 text-ink">
                          {t(`journalAction.${entry.action}`)}
                          {entry.historical && <span className="text-faint"> · {t('journal.historical')}</span>}
                        </TableCell>
                        <TableCell className="px-3 py-1.5">
                          {nameOf(entry.alarm) === '' ? (
                            <code className="text-xs">{entry.alarm}</code>
                          ) : (
                            <>
                              {nameOf(entry.alarm)} <span className="text-faint">· {whatOf(entry.alarm)}</span>
                            </>
                          )}
                        </TableCell>
                        <TableCell className="px-3 py-1.5">
                          {t(`alarmState.${entry.stateBefore}`)} → {t(`alarmState.${entry.stateAfter}`)}
                        </TableCell>
                        <TableCell className="px-3 py-1.5">{entry.user ?? '–'}</TableCell>
                        <TableCell className="px-3 py-1.5">{entry.comment ?? ''}</TableCell>
                      </TableRow>
                    ))}
                  </TableBody>
                </Table>
              )}
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}
