import { isOpenTestMode, type TestMode } from '@plantroom/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useTestModeJournal } from '../api/test-modes.ts';
import { type TestedAlarm, testedAlarms } from '../format/test-mode-alarms.ts';
import { dateTime, dateTimeSeconds } from '../format/time.ts';
import { useLocalText } from '../state/i18n.ts';
import { useEquipmentIndex } from '../state/site.ts';
import { AlarmShape } from './alarm-shape.tsx';
import { Fact } from './drawer.tsx';
import { Loaded } from './states.tsx';

interface Props {
  mode: TestMode;
  timeZone: string;
}

/** One test mode: what, who asked, approved and ended it, why, and the alarms that came in it. */
export function TestModeRecord({ mode, timeZone }: Props) {
  const { t } = useTranslation();
  const text = useLocalText();
  const index = useEquipmentIndex();
  const time = (ms: number) => dateTime(ms, timeZone);
  const isOpen = isOpenTestMode(mode);
  const { startedMs, endedMs, untilMs } = mode;
  const span =
    startedMs === null && !isOpen
      ? t('testMode.neverBegan')
      : `${time(startedMs ?? mode.requestedMs)} – ${time(endedMs ?? untilMs)}`;
  const endedBy = isOpen ? '–' : (mode.endedBy ?? t('testMode.byItself'));
  return (
    <li
      className={`rounded border p-3 ${isOpen ? 'border-2 border-offduty' : 'border-line'}`}
      data-testid="test-record"
      data-id={mode.id}
      data-state={mode.state}
    >
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <b
          className={`rounded border px-1.5 text-xs ${isOpen ? 'border-offduty text-offduty' : 'border-edge text-dim'}`}
        >
          {t(`testModeState.${mode.state}`)}
        </b>
        <span className="flex min-w-0 flex-wrap gap-x-3 font-medium">
          {mode.equipment.map((id) => {
            const unit = index.get(id);
            return (
              <Link key={id} className="link" to={`/equipment/${id}`}>
                {unit === undefined ? id : text(unit.name)}
              </Link>
            );
          })}
        </span>
        <span className="num ml-auto text-xs text-faint">{mode.id}</span>
      </p>
      <dl className="mt-2 grid grid-cols-2 gap-x-3 gap-y-2 lg:grid-cols-6">
        <div className="col-span-2">
          <Fact label={t('testMode.span')}>
            <span className="num">{span}</span>
          </Fact>
        </div>
        <Fact label={t('testMode.requestedBy')}>
          {mode.requestedBy}
          <span className="num block text-xs text-faint">{t('testMode.asked', { time: time(mode.requestedMs) })}</span>
        </Fact>
        <Fact label={t('testMode.approvedBy')}>{mode.approvedBy ?? '–'}</Fact>
        <Fact label={t('testMode.endedBy')}>{endedBy}</Fact>
        <Fact label={t('testMode.workOrder')}>{mode.workOrder ?? '–'}</Fact>
        <div className="col-span-2 lg:col-span-3">
          <Fact label={t('testMode.reason')}>{mode.reason}</Fact>
        </div>
        {mode.comment !== null && (
          <div className="col-span-2 lg:col-span-3">
            <Fact label={t('testMode.comment')}>{mode.comment}</Fact>
          </div>
        )}
      </dl>
      {mode.extensions.map((each) => (
        <p key={each.atMs} className="mt-1 text-xs text-dim">
          {t('testMode.extended', {
            user: each.by,
            time: time(each.atMs),
            until: time(each.untilMs),
            reason: each.reason,
          })}
        </p>
      ))}
      {startedMs !== null && <AlarmsIn mode={mode} timeZone={timeZone} />}
    </li>
  );
}

function AlarmsIn({ mode, timeZone }: Props) {
  const { t } = useTranslation();
  const [isAsked, setIsAsked] = useState(false);
  const journal = useTestModeJournal(mode.id, isAsked, mode.state === 'running');
  return (
    <details className="mt-2" onToggle={(event) => setIsAsked(event.currentTarget.open)}>
      <summary className="min-h-touch cursor-pointer py-2 text-dim md:min-h-0" data-testid="test-alarms">
        {t('testMode.alarms')}
      </summary>
      <Loaded query={journal} what={t('journal.failed')} rows={2}>
        {(rows) => {
          const alarms = testedAlarms(rows);
          return alarms.length === 0 ? (
            <p className="text-faint">{t('testMode.noAlarms')}</p>
          ) : (
            <ul className="divide-y divide-line border-y border-line">
              {alarms.map((each) => (
                <AlarmLine key={each.alarm} tested={each} timeZone={timeZone} />
              ))}
            </ul>
          );
        }}
      </Loaded>
      <Link className="link mt-2 inline-block py-1" to={`/alarms/journal?test=${mode.id}`}>
        {t('testMode.journal')}
      </Link>
    </details>
  );
}

function AlarmLine({ tested, timeZone }: { tested: TestedAlarm; timeZone: string }) {
  const { t } = useTranslation();
  const text = useLocalText();
  const unit = useEquipmentIndex().get(tested.equipment ?? '');
  return (
    <li className="grid grid-cols-[1.75rem_minmax(0,1fr)] items-center gap-x-2 py-1.5" data-testid="tested-alarm">
      <AlarmShape priority={tested.priority} />
      <span className="flex min-w-0 flex-wrap items-baseline gap-x-3">
        <span className="min-w-0 break-words">
          {tested.lifeSafety && (
            <b className="mr-1.5 rounded bg-p1 px-1 text-xs text-[rgb(var(--on-alarm))]">{t('lifeSafety.short')}</b>
          )}
          {tested.name === null ? tested.alarm : text(tested.name)}
        </span>
        <span className="text-dim">{unit === undefined ? (tested.equipment ?? '–') : text(unit.name)}</span>
        <span className="num text-xs text-dim">{dateTimeSeconds(tested.firstMs, timeZone)}</span>
        {tested.raises > 1 && (
          <span className="num text-xs text-dim">{t('testMode.raised', { count: tested.raises })}</span>
        )}
        {tested.isReal && <b className="text-xs">{t('testMode.real')}</b>}
      </span>
    </li>
  );
}
