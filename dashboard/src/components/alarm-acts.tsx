import type { Alarm } from '@plantroom/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AlarmAct } from '../api/alarm-acts.ts';
import { canReset, needsAck } from '../format/alarm-look.ts';
import { usePermissions } from '../state/permissions.ts';
import { ServiceForm, ShelveForm } from './hiding-forms.tsx';

interface Props {
  alarm: Alarm;
  timeZone: string;
  busy: boolean;
  onAct: (act: AlarmAct) => Promise<boolean>;
}

/** What a person can do to one alarm: answer it first, then what takes it out of sight and back. */
export function AlarmActs({ alarm, timeZone, busy, onAct }: Props) {
  const { t } = useTranslation();
  const permissions = usePermissions();
  const [comment, setComment] = useState('');
  const [form, setForm] = useState<'shelve' | 'service' | null>(null);
  if (!permissions.acknowledge) return null;
  const { flags } = alarm;
  const words = comment.trim();
  const say = (kind: 'ack' | 'reset' | 'unshelve' | 'return-to-service' | 'comment') => {
    void onAct({ kind, comment: words }).then((isDone) => {
      if (isDone) setComment('');
    });
  };
  const fill = (act: AlarmAct) => {
    void onAct(act).then((isDone) => {
      if (isDone) setForm(null);
    });
  };
  const isShown = !flags.suppressed && !flags.outOfService;
  return (
    <div className="space-y-2" data-testid="alarm-acts">
      <form className="space-y-2" onSubmit={(event) => event.preventDefault()}>
        <input
          className="field"
          placeholder={t('alarms.comment')}
          aria-label={t('alarms.comment')}
          maxLength={1000}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
          data-testid="ack-comment"
        />
        <div className="flex flex-wrap gap-2">
          {needsAck(alarm) && (
            <button
              type="submit"
              className="button button-main flex-1"
              disabled={busy}
              onClick={() => say('ack')}
              data-testid="ack-one"
            >
              {t('alarms.acknowledge')} <kbd className="text-xs opacity-70">A</kbd>
            </button>
          )}
          {canReset(alarm) && (
            <button
              type="button"
              className="button flex-1"
              disabled={busy}
              onClick={() => say('reset')}
              data-testid="reset-one"
            >
              {t('alarms.reset')}
            </button>
          )}
          {flags.shelved && (
            <button
              type="button"
              className="button flex-1"
              disabled={busy}
              onClick={() => say('unshelve')}
              data-testid="unshelve-one"
            >
              {t('alarmActs.unshelveOne')}
            </button>
          )}
          {flags.outOfService && permissions.outOfService && (
            <button
              type="button"
              className="button flex-1"
              disabled={busy}
              onClick={() => say('return-to-service')}
              data-testid="return-one"
            >
              {t('alarmActs.returnOne')}
            </button>
          )}
          <button
            type="button"
            className="button"
            disabled={busy || words === ''}
            onClick={() => say('comment')}
            data-testid="comment-one"
          >
            {t('alarmActs.comment')}
          </button>
        </div>
      </form>
      {alarm.lifeSafety ? (
        <p className="text-xs text-faint">{t('hiding.never')}</p>
      ) : (
        <div className="flex flex-wrap gap-2">
          {isShown && (
            <button
              type="button"
              className="button flex-1"
              aria-expanded={form === 'shelve'}
              onClick={() => setForm(form === 'shelve' ? null : 'shelve')}
              data-testid="shelve-open"
            >
              {t(flags.shelved ? 'alarmActs.shelveOther' : 'alarmActs.shelveOne')}
            </button>
          )}
          {permissions.outOfService && (
            <button
              type="button"
              className="button flex-1"
              aria-expanded={form === 'service'}
              onClick={() => setForm(form === 'service' ? null : 'service')}
              data-testid="service-open"
            >
              {t(flags.outOfService ? 'alarmActs.outOther' : 'alarmActs.outOne')}
            </button>
          )}
        </div>
      )}
      {form === 'shelve' && isShown && <ShelveForm busy={busy} count={1} onAct={fill} onCancel={() => setForm(null)} />}
      {form === 'service' && (
        <ServiceForm busy={busy} count={1} timeZone={timeZone} onAct={fill} onCancel={() => setForm(null)} />
      )}
    </div>
  );
}
