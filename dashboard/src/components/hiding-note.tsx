import type { Alarm } from '@plantroom/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../format/time.ts';
import { AlarmLink } from './alarm-link.tsx';
import { Fact } from './drawer.tsx';
import { TimeLeft } from './state-text.tsx';

/** Why nobody is told of the alarm: who decided it, for what reason, until when; and what is the matter behind it. */
export function HidingNote({ alarm, timeZone }: { alarm: Alarm; timeZone: string }) {
  const { t } = useTranslation();
  const { shelving, suppressedBy, serviceRemoval, flags } = alarm;
  if (!flags.shelved && !flags.suppressed && !flags.outOfService) return null;
  const when = (ms: number) => <span className="num">{dateTime(ms, timeZone)}</span>;
  const behind = flags.active ? 'holds' : flags.latched ? 'held' : 'gone';
  return (
    <section className="space-y-3 rounded border-2 border-offduty p-3" data-testid="hiding-note">
      {shelving !== null && (
        <Part title={t('alarmState.SHLVD')}>
          <Fact label={t('hiding.by')}>
            {shelving.by} · {when(shelving.atMs)}
          </Fact>
          <Fact label={t('hiding.until')}>
            {when(shelving.untilMs)} · <TimeLeft untilMs={shelving.untilMs} />
            {shelving.mode === 'one-shot' && <span className="block text-dim">{t('hiding.once')}</span>}
          </Fact>
          <Reason text={shelving.reason} />
        </Part>
      )}
      {suppressedBy.length > 0 && (
        <Part title={t('alarmState.DSUPR')}>
          <div className="col-span-2">
            <dt className="text-xs text-faint">{t('hiding.cause')}</dt>
            {suppressedBy.map((cause) => (
              <dd key={cause}>
                <AlarmLink id={cause} />
              </dd>
            ))}
          </div>
        </Part>
      )}
      {serviceRemoval !== null && (
        <Part title={t('alarmState.OOSRV')}>
          <Fact label={t('hiding.by')}>
            {serviceRemoval.by} · {when(serviceRemoval.atMs)}
          </Fact>
          <Fact label={t('hiding.approver')}>{serviceRemoval.approver}</Fact>
          <Fact label={t('hiding.workOrder')}>{serviceRemoval.workOrder}</Fact>
          <Fact label={t('hiding.review')}>
            {when(serviceRemoval.reviewMs)} · <TimeLeft untilMs={serviceRemoval.reviewMs} isReview />
          </Fact>
          <Reason text={serviceRemoval.reason} />
        </Part>
      )}
      <p className="text-dim">{t(`hidingBehind.${behind}`)}</p>
    </section>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h3 className="mb-1 font-semibold text-offduty">{title}</h3>
      <dl className="grid grid-cols-2 gap-x-3 gap-y-2">{children}</dl>
    </div>
  );
}

function Reason({ text }: { text: string }) {
  const { t } = useTranslation();
  return (
    <div className="col-span-2">
      <dt className="text-xs text-faint">{t('hiding.reason')}</dt>
      <dd className="break-words">{text}</dd>
    </div>
  );
}
