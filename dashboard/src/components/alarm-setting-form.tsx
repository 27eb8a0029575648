import type { AlarmOverride, AlarmPriority, AlarmSetting, Point } from '@plantroom/contracts';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { putAlarmOverride, resetAlarmOverride } from '../api/actions.ts';
import { useRefreshDefinitions } from '../api/queries.ts';
import { conditionDraft, conditionFrom, gateDraft, gateFrom, isSameJson } from '../format/condition-draft.ts';
import type { PointPaths } from '../format/point-paths.ts';
import { useRequest } from '../state/use-request.ts';
import { DelayFields, PriorityField } from './alarm-fields.tsx';
import { ConditionEditor } from './definition/condition-editor.tsx';
import { DefinitionProblems, OtherProblems } from './definition/definition-problems.tsx';
import { GateEditor } from './definition/gate-editor.tsx';
import { CheckField, ReasonField } from './form-fields.tsx';

interface Props {
  setting: AlarmSetting;
  /** Undefined: nothing delivers it any more; its condition stays as it is. */
  point: Point | undefined;
  paths: PointPaths;
}

/** Changes an alarm for this equipment; what is as the class has it is not sent, so that it follows the class. */
export function AlarmSettingForm({ setting, point, paths }: Props) {
  const { t } = useTranslation();
  const refresh = useRefreshDefinitions();
  const { inForce, classDefault, override, changed } = setting;
  const { find } = paths;
  const [watched, setWatched] = useState(() => conditionDraft(inForce.condition, point, find));
  const [gate, setGate] = useState(() => gateDraft(inForce.enabledWhen, find));
  const [delays, setDelays] = useState({
    onDelayS: String(inForce.onDelayMs / 1000),
    offDelayS: String(inForce.offDelayMs / 1000),
  });
  const [priority, setPriority] = useState<AlarmPriority>(inForce.priority);
  const [opensOrder, setOpensOrder] = useState(inForce.opensOrder);
  const [enabled, setEnabled] = useState(inForce.enabled);
  const [reason, setReason] = useState('');
  const { busy, problem, run } = useRequest();
  const condition = conditionFrom(watched, point, find);
  const enabledWhen = gateFrom(gate, find);
  const onDelayMs = Math.round(Number(delays.onDelayS) * 1000);
  const offDelayMs = Math.round(Number(delays.offDelayS) * 1000);
  const isFilled = condition !== null && enabledWhen !== undefined && onDelayMs >= 0 && offDelayMs >= 0;
  const isSound = isFilled && reason.trim() !== '';
  const wanted = (): AlarmOverride => {
    const now = { enabled, condition, enabledWhen, onDelayMs, offDelayMs, priority, opensOrder };
    const held: Record<string, unknown> = { ...classDefault, enabledWhen: classDefault?.enabledWhen ?? null };
    const own = Object.entries(now).filter(([key, value]) => !isSameJson(held[key], value));
    const { latching, failureMode, guidance } = override ?? {};
    const kept = Object.entries({ latching, failureMode, guidance }).filter(([, value]) => value !== undefined);
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
      <DefinitionProblems error={problem}>
        {point !== undefined && inForce.condition.type !== 'offline' && (
          <ConditionEditor draft={watched} onChange={setWatched} own={point} paths={paths} />
        )}
        <div className="grid grid-cols-2 gap-3">
          <DelayFields {...delays} onChange={(part) => setDelays({ ...delays, ...part })} form="setting" />
        </div>
        {point !== undefined && <GateEditor draft={gate} onChange={setGate} own={point} paths={paths} />}
        <PriorityField value={priority} onChange={setPriority} testId="setting-priority" />
        <CheckField label={t('limit.opensOrder')} checked={opensOrder} onChange={setOpensOrder} />
        <CheckField label={t('limit.enabled')} checked={enabled} onChange={setEnabled} testId="setting-enabled" />
        <ReasonField label={t('limit.reason')} value={reason} onChange={setReason} testId="setting-reason" />
        {!isFilled && <p className="text-xs text-dim">{t('setting.unfilled')}</p>}
        <OtherProblems error={problem} />
      </DefinitionProblems>
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
