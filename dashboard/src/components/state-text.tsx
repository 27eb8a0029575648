import type { Alarm } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { hiddenUntilMs } from '../format/alarm-hiding.ts';
import { age } from '../format/time.ts';
import { useNow } from '../live/use-now.ts';

/** The state in words; of what is hidden also how long still. */
export function StateText({ alarm }: { alarm: Alarm }) {
  const { t } = useTranslation();
  const untilMs = hiddenUntilMs(alarm);
  return (
    <>
      {alarm.testMode !== null && <b className="text-offduty">{t('alarmState.TEST')} · </b>}
      {t(`alarmState.${alarm.state}`)}
      {untilMs !== null && (
        <>
          {' · '}
          <TimeLeft untilMs={untilMs} isReview={alarm.state === 'OOSRV'} />
        </>
      )}
    </>
  );
}

/** Counts down on the server's clock. */
export function TimeLeft({ untilMs, isReview = false }: { untilMs: number; isReview?: boolean }) {
  const { t } = useTranslation();
  const leftMs = untilMs - useNow(1000);
  const { unit, count } = age(leftMs);
  const minutes = unit === 'hours' ? Math.floor(leftMs / 60_000) % 60 : 0;
  // What is left of an eight-hour shelving after a second is not seven hours.
  const left = [t(`age.${unit}`, { count }), ...(minutes > 0 ? [t('age.minutes', { count: minutes })] : [])].join(' ');
  if (!isReview) return <span className="num whitespace-nowrap">{t('hiding.left', { left })}</span>;
  return (
    <span className={`num whitespace-nowrap ${leftMs <= 0 ? 'font-semibold text-ink' : ''}`}>
      {leftMs <= 0 ? t('hiding.reviewDue') : t('hiding.reviewIn', { left })}
    </span>
  );
}
