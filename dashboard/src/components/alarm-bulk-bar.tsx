import type { Alarm } from '@plantroom/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AlarmAct } from '../api/alarm-acts.ts';
import { needsAck } from '../format/alarm-look.ts';
import { usePermissions } from '../state/permissions.ts';
import type { ActOnAlarms } from '../state/use-alarm-acts.ts';
import { ActButton, FormButton } from './act-button.tsx';
import { ServiceForm, ShelveForm } from './hiding-forms.tsx';

interface Props {
  shown: readonly Alarm[];
  chosen: readonly Alarm[];
  timeZone: string;
  busy: boolean;
  onAct: ActOnAlarms;
  /** All of it is done. */
  onDone: () => void;
}

const idsOf = (alarms: readonly Alarm[]): string[] => alarms.map(({ id }) => id);

/** The same acts for several alarms. What there is nothing to do for is not offered. */
export function AlarmBulkBar({ shown, chosen, timeZone, busy, onAct, onDone }: Props) {
  const { t } = useTranslation();
  const permissions = usePermissions();
  const [comment, setComment] = useState('');
  const [form, setForm] = useState<'shelve' | 'service' | null>(null);
  const unackedShown = shown.filter(needsAck);
  const unackedChosen = chosen.filter(needsAck);
  const shelved = chosen.filter(({ flags }) => flags.shelved);
  const outOfService = chosen.filter(({ flags }) => flags.outOfService);
  // Life safety among them is refused by name rather than passed over in silence.
  const canBeShelved = chosen.filter(({ flags }) => !flags.suppressed && !flags.outOfService);
  const run = async (alarms: readonly Alarm[], act: AlarmAct) => {
    if (!(await onAct(idsOf(alarms), act))) return;
    setComment('');
    setForm(null);
    onDone();
  };
  const say = (alarms: readonly Alarm[], kind: 'ack' | 'unshelve' | 'return-to-service') =>
    void run(alarms, { kind, comment: comment.trim() });
  const toggle = (which: 'shelve' | 'service') => setForm(form === which ? null : which);
  return (
    <div className="mb-2 space-y-2">
      <div className="flex flex-wrap items-center gap-2">
        <input
          className="field w-auto min-w-[10rem] flex-1 sm:max-w-sm"
          placeholder={t('alarms.comment')}
          aria-label={t('alarms.comment')}
          maxLength={1000}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
        <ActButton
          disabled={busy || unackedChosen.length === 0}
          onAct={() => say(unackedChosen, 'ack')}
          testId="ack-selected"
        >
          {t('alarms.ackSelected', { count: unackedChosen.length })}
        </ActButton>
        <ActButton disabled={busy || unackedShown.length === 0} onAct={() => say(unackedShown, 'ack')} testId="ack-all">
          {t('alarms.ackAll', { count: unackedShown.length })}
        </ActButton>
        {canBeShelved.length > 0 && (
          <FormButton isOpen={form === 'shelve'} onToggle={() => toggle('shelve')} testId="shelve-selected">
            {t('alarmActs.shelve', { count: canBeShelved.length })}
          </FormButton>
        )}
        {shelved.length > 0 && (
          <ActButton disabled={busy} onAct={() => say(shelved, 'unshelve')} testId="unshelve-selected">
            {t('alarmActs.unshelve', { count: shelved.length })}
          </ActButton>
        )}
        {permissions.outOfService && chosen.length > 0 && (
          <FormButton isOpen={form === 'service'} onToggle={() => toggle('service')} testId="service-selected">
            {t('alarmActs.outOfService', { count: chosen.length })}
          </FormButton>
        )}
        {permissions.outOfService && outOfService.length > 0 && (
          <ActButton disabled={busy} onAct={() => say(outOfService, 'return-to-service')} testId="return-selected">
            {t('alarmActs.return', { count: outOfService.length })}
          </ActButton>
        )}
      </div>
      {form === 'shelve' && canBeShelved.length > 0 && (
        <ShelveForm
          busy={busy}
          count={canBeShelved.length}
          onAct={(act) => void run(canBeShelved, act)}
          onCancel={() => setForm(null)}
        />
      )}
      {form === 'service' && chosen.length > 0 && (
        <ServiceForm
          busy={busy}
          count={chosen.length}
          timeZone={timeZone}
          onAct={(act) => void run(chosen, act)}
          onCancel={() => setForm(null)}
        />
      )}
    </div>
  );
}
