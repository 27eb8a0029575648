import type { Alarm } from '@plantroom/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AlarmAct } from '../api/alarm-acts.ts';
import { canReset, needsAck } from '../format/alarm-look.ts';
import { usePermissions } from '../state/permissions.ts';
import { ActButton, FormButton } from './act-button.tsx';
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
  const toggle = (which: 'shelve' | 'service') => setForm(form === which ? null : which);
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
            <ActButton className="flex-1" disabled={busy} onAct={() => say('reset')} testId="reset-one">
              {t('alarms.reset')}
            </ActButton>
          )}
          {flags.shelved && (
            <ActButton className="flex-1" disabled={busy} onAct={() => say('unshelve')} testId="unshelve-one">
              {t('alarmActs.unshelveOne')}
            </ActButton>
          )}
          {flags.outOfService && permissions.outOfService && (
            <ActButton className="flex-1" disabled={busy} onAct={() => say('return-to-service')} testId="return-one">
              {t('alarmActs.returnOne')}
            </ActButton>
          )}
          <ActButton disabled={busy || words === ''} onAct={() => say('comment')} testId="comment-one">
            {t('alarmActs.comment')}
          </ActButton>
        </div>
      </form>
      {alarm.lifeSafety ? (
        <p className="text-xs text-faint">{t('hiding.never')}</p>
      ) : (
        <div className="flex flex-wrap gap-2">
          {isShown && (
            <FormButton
              className="flex-1"
              isOpen={form === 'shelve'}
              onToggle={() => toggle('shelve')}
              testId="shelve-open"
            >
              {t(flags.shelved ? 'alarmActs.shelveOther' : 'alarmActs.shelveOne')}
            </FormButton>
          )}
          {permissions.outOfService && (
            <FormButton
              className="flex-1"
              isOpen={form === 'service'}
              onToggle={() => toggle('service')}
              testId="service-open"
            >
              {t(flags.outOfService ? 'alarmActs.outOther' : 'alarmActs.outOne')}
            </FormButton>
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
