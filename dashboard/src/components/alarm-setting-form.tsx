import type { AlarmOverride, AlarmPriority, AlarmSetting, EquipmentDetail } from '@plantroom/contracts';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { putAlarmOverride, resetAlarmOverride } from '../api/actions.ts';
import { useRefreshDefinitions } from '../api/queries.ts';
import { conditionOf, draftOf } from '../format/condition-fields.ts';
import { useRequest } from '../state/use-request.ts';
import { DelayFields, PriorityField } from './alarm-fields.tsx';
import { ConditionFields } from './condition-fields.tsx';
import { CheckField, ReasonField } from './form-fields.tsx';
import { Problem } from './states.tsx';

/** Changes an alarm for this equipment; what is as the class has it is not sent, so that it follows the class. */
export function AlarmSettingForm({ setting, detail }: { setting: AlarmSetting; detail: EquipmentDetail }) {
  const { t } = useTranslation();
  const refresh = useRefreshDefinitions();
  const { inForce, classDefault, override, changed } = setting;
  const point = detail.points.find(({ id }) => id === inForce.source);
  const [numbers, setNumbers] = useState(() => draftOf(inForce.condition, point));
  const [delays, setDelays] = useState({
    onDelayS: String(inForce.onDelayMs / 1000),
    offDelayS: String(inForce.offDelayMs / 1000),
  });
  const [priority, setPriority] = useState<AlarmPriority>(inForce.priority);
  const [opensOrder, setOpensOrder] = useState(inForce.opensOrder);
  const [enabled, setEnabled] = useState(inForce.enabled);
  const [reason, setReason] = useState('');
  const { busy, problem, run } = useRequest();
  const condition = conditionOf(inForce.condition, numbers, point);
  const onDelayMs = Math.round(Number(delays.onDelayS) * 1000);
  const offDelayMs = Math.round(Number(delays.offDelayS) * 1000);
  const isSound = condition !== null && onDelayMs >= 0 && offDelayMs >= 0 && reason.trim() !== '';
  const wanted = (): AlarmOverride => {
    const now = { enabled, condition: condition ?? inForce.condition, onDelayMs, offDelayMs, priority, opensOrder };
    const held = classDefault as Record<string, unknown> | null;
    const own = Object.entries(now).filter(([key, value]) => JSON.stringify(held?.[key]) !== JSON.stringify(value));
    const { enabledWhen, latching, failureMode, guidance } = override ?? {};
    const kept = Object.entries({ enabledWhen, latching, failureMode, guidance }).filter(
      ([, value]) => value !== undefined,
    );
    return { ...Object.fromEntries([...kept, ...own]), reason: reason.trim() };
  };
  const change = (act: () => Promise<unknown>) =>
    void run(async () => {
      await act();
      await refresh();
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isSound) change(() => putAlarmOverride(inForce.id, wanted()));
  };
  return (
    <form className="space-y-3" onSubmit={submit} data-testid="setting-form">
      <div className="grid grid-cols-2 gap-3">
        <ConditionFields condition={inForce.condition} point={point} draft={numbers} onChange={setNumbers} />
        <DelayFields {...delays} onChange={(part) => setDelays({ ...delays, ...part })} form="setting" />
      </div>
      <PriorityField value={priority} onChange={setPriority} testId="setting-priority" />
      <CheckField label={t('limit.opensOrder')} checked={opensOrder} onChange={setOpensOrder} />
      <CheckField label={t('limit.enabled')} checked={enabled} onChange={setEnabled} />
      <ReasonField label={t('limit.reason')} value={reason} onChange={setReason} testId="setting-reason" />
      <Problem error={problem} />
      <div className="flex gap-2">
        <button
          type="submit"
          className="button button-main flex-1"
          disabled={busy || !isSound}
          data-testid="setting-save"
        >
          {t('setting.save')}
        </button>
        {changed !== null && (
          <button
            type="button"
            className="button"
            disabled={busy || reason.trim() === ''}
            title={t('setting.resetHint')}
            onClick={() => change(() => resetAlarmOverride(inForce.id, reason.trim()))}
            data-testid="setting-reset"
          >
            {t(classDefault === null ? 'limit.delete' : 'setting.reset')}
          </button>
        )}
      </div>
    </form>
  );
}
