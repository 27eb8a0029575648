import type { HandoverAlarm, ShiftReport } from '@plantroom/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { dateTime } from '../format/time.ts';
import { useLocalText } from '../state/i18n.ts';
import { useEquipmentIndex } from '../state/site.ts';
import { AlarmShape } from './alarm-shape.tsx';
import { Section } from './page.tsx';

/** What a shift hands over, as it was when the report was made. */
export function HandoverReport({ report, timeZone }: { report: ShiftReport; timeZone: string }) {
  const { t } = useTranslation();
  const text = useLocalText();
  const nameOf = useEquipmentName();
  return (
    <div className="space-y-3" data-testid="handover-report">
      <Section title={t('handover.happened')}>
        <p className="num mb-1">
          {t('handover.counts', {
            annunciated: report.annunciated,
            acknowledged: report.acknowledged,
            returned: report.returned,
          })}
        </p>
        <List empty={t('handover.noLifeSafety')}>
          {report.lifeSafety.map((each) => (
            <li key={`${each.alarm} ${each.atMs}`} className="border-t border-line py-1 font-medium">
              <b className="mr-1.5 rounded bg-p1 px-1 text-xs text-[rgb(var(--on-alarm))]">{t('lifeSafety.short')}</b>
              <span className="num">{dateTime(each.atMs, timeZone)}</span> · {nameOf(each.equipment, each.alarm)} ·{' '}
              {each.name === null ? each.alarm : text(each.name)}
            </li>
          ))}
        </List>
        {(report.floods ?? []).length > 0 && (
          <ul className="mt-1" data-testid="handover-floods">
            {(report.floods ?? []).map((flood) => (
              <li key={flood.id} className="border-t border-line py-1">
                <b className="mr-1.5">{t('handover.flood')}</b>
                <span className="num">
                  {dateTime(flood.beganMs, timeZone)} –{' '}
                  {flood.endedMs === null ? t('handover.floodGoesOn') : dateTime(flood.endedMs, timeZone).slice(11)}
                </span>{' '}
                · {t('handover.floodFigures', { position: text(flood.name), count: flood.alarms, peak: flood.peak })}
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title={t('handover.standing', { count: report.standing.length })}>
        <Alarms alarms={report.standing} timeZone={timeZone} empty={t('handover.noStanding')} />
      </Section>
      <Section title={t('handover.hidden', { count: report.hidden.length })}>
        <Alarms alarms={report.hidden} timeZone={timeZone} empty={t('handover.noHidden')} />
      </Section>
      <Section title={t('handover.orders', { count: report.orders.length })}>
        <List empty={t('handover.noOrders')}>
          {report.orders.map((order) => (
            <li key={order.id} className="border-t border-line py-1.5 first:border-t-0">
              <span className="flex flex-wrap items-center gap-x-2">
                <AlarmShape priority={order.priority} />
                <Link className="link num" to={`/work-orders/${order.id}`}>
                  {order.id}
                </Link>
                <span>{text(order.title)}</span>
                <span className="text-dim">{nameOf(order.equipment, order.equipment)}</span>
                <span className="ml-auto">
                  {t(`orderState.${order.state}`)} · {order.assignee ?? t('orders.nobody')}
                </span>
              </span>
              <span className="num block text-xs text-dim">
                {order.changes
                  .map(({ atMs, kind, user }) =>
                    [dateTime(atMs, timeZone).slice(11), t(`orderEvent.${kind}`), user ?? ''].join(' ').trim(),
                  )
                  .join(' · ')}
              </span>
            </li>
          ))}
        </List>
      </Section>
      <Section title={t('handover.away', { count: report.away.length })}>
        <List empty={t('handover.noAway')}>
          {report.away.map((each) => (
            <li
              key={each.id}
              className="flex flex-wrap justify-between gap-x-3 border-t border-line py-1 first:border-t-0"
            >
              <span>
                {t(`handover.${each.kind}`)} <code className="text-xs">{each.id}</code>
              </span>
              <span className="num text-dim">{t('handover.since', { time: dateTime(each.sinceMs, timeZone) })}</span>
            </li>
          ))}
        </List>
      </Section>
    </div>
  );
}

function Alarms({ alarms, timeZone, empty }: { alarms: readonly HandoverAlarm[]; timeZone: string; empty: string }) {
  const { t } = useTranslation();
  const text = useLocalText();
  const nameOf = useEquipmentName();
  return (
    <List empty={empty}>
      {alarms.map((alarm) => {
        const facts = [
          alarm.sinceMs === null ? '' : t('handover.since', { time: dateTime(alarm.sinceMs, timeZone) }),
          alarm.ackedBy === null || alarm.ackedMs === null
            ? ''
            : t('handover.acked', { user: alarm.ackedBy, time: dateTime(alarm.ackedMs, timeZone) }),
          alarm.hiddenBy ?? '',
          alarm.reason ?? '',
          alarm.untilMs === null
            ? ''
            : t(alarm.state === 'OOSRV' ? 'journalDetail.review' : 'journalDetail.until', {
                time: dateTime(alarm.untilMs, timeZone),
              }),
          alarm.workOrder ?? '',
        ].filter((each) => each !== '');
        return (
          <li
            key={alarm.alarm}
            className="grid grid-cols-[1.75rem_minmax(0,1fr)_auto] items-start gap-x-2 border-t border-line py-1.5 first:border-t-0"
          >
            <AlarmShape priority={alarm.priority} />
            <span className="min-w-0">
              {alarm.lifeSafety && (
                <b className="mr-1.5 rounded bg-p1 px-1 text-xs text-[rgb(var(--on-alarm))]">{t('lifeSafety.short')}</b>
              )}
              {alarm.name === null ? alarm.alarm : text(alarm.name)}
              <span className="text-dim"> · {nameOf(alarm.equipment, alarm.alarm)}</span>
              <span className="num block text-xs text-dim">{facts.join(' · ')}</span>
            </span>
            <span className="text-right">{t(`alarmState.${alarm.state}`)}</span>
          </li>
        );
      })}
    </List>
  );
}

function List({ empty, children }: { empty: string; children: readonly ReactNode[] }) {
  return children.length === 0 ? <p className="text-dim">{empty}</p> : <ul>{children}</ul>;
}

function useEquipmentName(): (equipment: string | null, otherwise: string) => string {
  const text = useLocalText();
  const index = useEquipmentIndex();
  return (equipment, otherwise) => {
    const unit = index.get(equipment ?? '');
    return unit === undefined ? (otherwise.split('#')[0] ?? otherwise) : text(unit.name);
  };
}
