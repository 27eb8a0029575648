import type { Alarm } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { AlarmAct } from '../api/alarm-acts.ts';
import { backtestAddress } from '../format/backtest-draft.ts';
import { dateTimeSeconds } from '../format/time.ts';
import { useAge } from '../format/use-age.ts';
import { useLocalText } from '../state/i18n.ts';
import { usePermissions } from '../state/permissions.ts';
import { useEquipmentIndex } from '../state/site.ts';
import { AlarmActs } from './alarm-acts.tsx';
import { AlarmFollowers } from './alarm-followers.tsx';
import { AlarmLink } from './alarm-link.tsx';
import { ShapeOf } from './alarm-shape.tsx';
import { AlarmValue } from './alarm-value.tsx';
import { Drawer, Fact } from './drawer.tsx';
import { HidingNote } from './hiding-note.tsx';
import { StateText } from './state-text.tsx';
import { Problem } from './states.tsx';

interface Props {
  alarm: Alarm;
  timeZone: string;
  busy: boolean;
  /** Of the last act; null: none. */
  problem: unknown;
  onAct: (act: AlarmAct) => Promise<boolean>;
  onClose: () => void;
}

/** Everything an operator needs to answer one alarm: what, since when, why, what happens otherwise, what to do. */
export function AlarmDrawer({ alarm, timeZone, busy, problem, onAct, onClose }: Props) {
  const { t } = useTranslation();
  const { limits: mayTry } = usePermissions();
  const text = useLocalText();
  const equipment = useEquipmentIndex().get(alarm.equipment ?? '');
  const when = (ms: number | null) =>
    ms === null ? '–' : <span className="num">{dateTimeSeconds(ms, timeZone)}</span>;
  const { condition } = alarm;
  const valueText = (value: Alarm['lastValue']) => <AlarmValue alarm={alarm} value={value} />;
  return (
    <Drawer
      onClose={onClose}
      testId="alarm-drawer"
      title={
        <span className="flex items-center gap-2">
          <ShapeOf alarm={alarm} size={26} />
          {text(alarm.guidance.name)}
        </span>
      }
    >
      <p className="text-dim">
        {t(`priority.${alarm.priority}`)} · <StateText alarm={alarm} />
        {alarm.lifeSafety && <b className="ml-2 text-p1">{t('lifeSafety.other')}</b>}
        {alarm.flags.uncertain && <span className="ml-2 uncertain">{t('alarms.uncertain')}</span>}
      </p>
      {equipment !== undefined && (
        <Link className="link font-medium" to={`/equipment/${equipment.id}`}>
          {text(equipment.name)}
        </Link>
      )}
      <HidingNote alarm={alarm} timeZone={timeZone} />
      <section className="space-y-3 rounded border border-line bg-canvas p-3">
        <Guide label={t('alarms.response')} body={text(alarm.guidance.response)} strong />
        <Guide label={t('alarms.cause')} body={text(alarm.guidance.cause)} />
        <Guide label={t('alarms.consequence')} body={text(alarm.guidance.consequence)} />
        <p className="text-xs text-dim">
          {t('alarms.within', { minutes: Math.round(alarm.guidance.timeToRespondMs / 60_000) })}
        </p>
      </section>
      <AlarmFollowers alarm={alarm} />
      <AlarmActs alarm={alarm} timeZone={timeZone} busy={busy} onAct={onAct} />
      <Problem error={problem} className="rounded border border-edge bg-raised px-3 py-2" testId="act-problem" />
      <dl className="grid grid-cols-2 gap-3">
        <Fact label={t('alarms.onset')}>
          {when(alarm.onsetMs)}
          {alarm.onsetMs !== null && <AgeOf ms={alarm.onsetMs} />}
        </Fact>
        <Fact label={t('alarms.announced')}>{when(alarm.activeMs)}</Fact>
        <Fact label={t('alarms.returned')}>{when(alarm.returnedMs)}</Fact>
        <Fact label={t('alarms.acked')}>
          {when(alarm.ackedMs)} {alarm.ackedBy}
        </Fact>
        <Fact label={t('alarms.onsetValue')}>{valueText(alarm.onsetValue)}</Fact>
        <Fact label={t('alarms.lastValue')}>{valueText(alarm.lastValue)}</Fact>
        <Fact label={t('alarms.condition')}>
          {condition.type === 'limit' ? (
            <>
              {condition.kind} {valueText(condition.limit)}
            </>
          ) : (
            t(`condition.${condition.type}`)
          )}
        </Fact>
        <Fact label={t('alarms.count')}>{alarm.count}</Fact>
        {alarm.reAlarms > 0 && <Fact label={t('alarms.reAlarms')}>{alarm.reAlarms}</Fact>}
        {alarm.heldPriority !== null && (
          <Fact label={t('alarms.heldPriority')}>{t(`priority.${alarm.heldPriority}`)}</Fact>
        )}
        {alarm.ackComment !== null && <Fact label={t('alarms.comment')}>{alarm.ackComment}</Fact>}
        <Fact label={t('alarms.order')}>
          {alarm.workOrder === null ? (
            <NoOrder waitsFor={alarm.orderWaitsFor} />
          ) : (
            <Link className="link" to={`/work-orders/${alarm.workOrder}`}>
              {alarm.workOrder}
            </Link>
          )}
        </Fact>
      </dl>
      {mayTry && alarm.equipment !== null && condition.type !== 'offline' && (
        <Link className="button w-full" to={backtestAddress(alarm.id)} data-testid="alarm-backtest">
          {t('backtest.open')}
        </Link>
      )}
      <p className="break-all text-xs text-faint">{alarm.id}</p>
    </Drawer>
  );
}

/** None is asked for, or it waits until what explains the alarm is over. */
function NoOrder({ waitsFor }: { waitsFor: string | null }) {
  const { t } = useTranslation();
  if (waitsFor === null) return <>–</>;
  return (
    <>
      {t('alarms.orderWaits')} <AlarmLink id={waitsFor} />
    </>
  );
}

function Guide({ label, body, strong = false }: { label: string; body: string; strong?: boolean }) {
  return (
    <div>
      <h3 className="text-xs text-faint">{label}</h3>
      <p className={strong ? 'font-medium' : ''}>{body}</p>
    </div>
  );
}

function AgeOf({ ms }: { ms: number }) {
  return <span className="num text-dim"> · {useAge(ms)}</span>;
}
