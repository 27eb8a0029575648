import { dutyRoles, type NotificationPolicy, type PolicyTarget } from '@plantroom/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newId, putNotification, removeNotification, useNotificationList } from '../../api/notifications.ts';
import { EditorDrawer } from '../../components/editor-drawer.tsx';
import { CheckField, ChoiceSet, TextField } from '../../components/form-fields.tsx';
import { PolicyMatchFields } from './policy-match-fields.tsx';
import { useTargetName } from './target-name.ts';

type Draft = Omit<NotificationPolicy, 'id'>;
const keyOf = ({ type, id }: PolicyTarget): string => `${type}:${id}`;
const targetOf = (key: string): PolicyTarget => {
  const at = key.indexOf(':');
  return { type: key.slice(0, at), id: key.slice(at + 1) } as PolicyTarget;
};

export function PolicyForm({ policy, onClose }: { policy: NotificationPolicy | null; onClose: () => void }) {
  const { t } = useTranslation();
  const nameOf = useTargetName();
  const rosters = useNotificationList('rosters').data ?? [];
  const people = useNotificationList('people').data ?? [];
  const channels = useNotificationList('channels').data ?? [];
  const [id] = useState(policy?.id ?? newId('policy'));
  const [draft, setDraft] = useState<Draft>(
    policy ?? {
      name: '',
      enabled: true,
      match: {},
      steps: [{ afterMinutes: 0, targets: [] }],
      repeat: null,
      stopOnReturn: false,
      tellReturned: false,
    },
  );
  const { name, enabled, match, steps, repeat, stopOnReturn, tellReturned } = draft;
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const setStep = (at: number, part: Partial<Draft['steps'][number]>) =>
    change({ steps: steps.map((step, place) => (place === at ? { ...step, ...part } : step)) });
  const targets: PolicyTarget[] = [
    ...rosters.map((roster) => ({ type: 'roster' as const, id: roster.id })),
    ...dutyRoles.map((role) => ({ type: 'role' as const, id: role })),
    ...people.map((person) => ({ type: 'person' as const, id: person.id })),
    ...channels
      .filter(({ settings }) => settings.kind !== 'email' && settings.kind !== 'http')
      .map((channel) => ({ type: 'channel' as const, id: channel.id })),
  ];
  const options = targets.map((target) => ({
    value: keyOf(target),
    label: `${t(`notify.target.${target.type}`)} ${nameOf(target)}`,
  }));
  const last = steps.at(-1)?.afterMinutes ?? 0;
  return (
    <EditorDrawer
      title={name === '' ? t('notify.newPolicy') : name}
      onClose={onClose}
      onSave={() =>
        putNotification(`policies/${id}`, { name, enabled, match, steps, repeat, stopOnReturn, tellReturned })
      }
      onRemove={policy === null ? undefined : () => removeNotification(`policies/${id}`)}
    >
      <TextField
        label={t('notify.name')}
        value={name}
        onChange={(value) => change({ name: value })}
        required
        testId="policy-name"
      />
      <PolicyMatchFields match={match} onChange={(value) => change({ match: value })} />
      {steps.map((step, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the order is what a step is
        <div key={at} className="space-y-2 rounded border border-line p-2">
          <TextField
            label={t('notify.stepAfter', { count: at + 1 })}
            type="number"
            value={String(step.afterMinutes)}
            onChange={(value) => setStep(at, { afterMinutes: Number(value) })}
          />
          <ChoiceSet
            label={t('notify.tells')}
            values={step.targets.map(keyOf)}
            options={options}
            onChange={(values) => setStep(at, { targets: values.map(targetOf) })}
          />
          {steps.length > 1 && (
            <button
              type="button"
              className="button w-full"
              onClick={() => change({ steps: steps.filter((_, place) => place !== at) })}
            >
              {t('notify.removeStep')}
            </button>
          )}
        </div>
      ))}
      <button
        type="button"
        className="button w-full"
        onClick={() => change({ steps: [...steps, { afterMinutes: last + 5, targets: [] }] })}
      >
        {t('notify.addStep')}
      </button>
      <CheckField
        label={t('notify.repeat')}
        testId="repeat"
        checked={repeat !== null}
        onChange={(checked) => change({ repeat: checked ? { everyMinutes: 10, times: null } : null })}
      />
      {repeat !== null && (
        <div className="grid grid-cols-2 gap-3">
          <TextField
            label={t('notify.everyMinutes')}
            type="number"
            value={String(repeat.everyMinutes)}
            onChange={(value) => change({ repeat: { ...repeat, everyMinutes: Number(value) } })}
            testId="repeat-every"
          />
          <TextField
            label={t('notify.repeatTimes')}
            hint={t('notify.repeatTimesHint')}
            type="number"
            value={repeat.times === null ? '' : String(repeat.times)}
            onChange={(value) => change({ repeat: { ...repeat, times: value === '' ? null : Number(value) } })}
            testId="repeat-times"
          />
        </div>
      )}
      <CheckField
        label={t('notify.stopOnReturn')}
        checked={stopOnReturn}
        onChange={(value) => change({ stopOnReturn: value })}
      />
      <CheckField
        label={t('notify.tellReturned')}
        checked={tellReturned}
        onChange={(value) => change({ tellReturned: value })}
      />
      <CheckField label={t('notify.enabled')} checked={enabled} onChange={(value) => change({ enabled: value })} />
    </EditorDrawer>
  );
}
