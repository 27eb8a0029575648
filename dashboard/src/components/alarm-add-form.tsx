import type { AlarmPriority, EquipmentDetail } from '@plantroom/contracts';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { putAlarmOverride } from '../api/actions.ts';
import { useAlarmSettings, useRefreshDefinitions } from '../api/queries.ts';
import { conditionOf, draftOf } from '../format/condition-fields.ts';
import {
  type AddableType,
  addableTypes,
  blankCondition,
  guidanceOf,
  guidanceTexts,
  noWords,
  ruleName,
} from '../format/new-alarm.ts';
import { useLocalText } from '../state/i18n.ts';
import { useRequest } from '../state/use-request.ts';
import { DelayFields, PriorityField } from './alarm-fields.tsx';
import { ConditionFields } from './condition-fields.tsx';
import { ReasonField } from './form-fields.tsx';
import { NumberField } from './number-field.tsx';
import { Problem } from './states.tsx';

/** An alarm of the site's own: what it watches and what it tells the operator, in both languages. */
export function AlarmAddForm({ detail, onDone }: { detail: EquipmentDetail; onDone: () => void }) {
  const { t } = useTranslation();
  const text = useLocalText();
  const refresh = useRefreshDefinitions();
  const settings = useAlarmSettings(detail.id).data ?? [];
  const points = detail.points.filter(({ kind }) => kind === 'number' || kind === 'counter');
  const [pointId, setPointId] = useState(points[0]?.id ?? '');
  const [type, setType] = useState<AddableType>('H');
  const [numbers, setNumbers] = useState<Record<string, string>>({});
  const [delays, setDelays] = useState({ onDelayS: '60', offDelayS: '60' });
  const [priority, setPriority] = useState<AlarmPriority>('low');
  const [words, setWords] = useState(noWords);
  const [respondMin, setRespondMin] = useState('30');
  const [reason, setReason] = useState('');
  const { busy, problem, run } = useRequest();
  const point = points.find(({ id }) => id === pointId);
  const blank = blankCondition(type);
  const draft = { ...draftOf(blank, point), ...numbers };
  for (const [key, value] of Object.entries(draft)) if (value === 'NaN') draft[key] = '';
  const condition = conditionOf(blank, draft, point);
  const guidance = guidanceOf(words, respondMin);
  const onDelayMs = Math.round(Number(delays.onDelayS) * 1000);
  const offDelayMs = Math.round(Number(delays.offDelayS) * 1000);
  const isSound = condition !== null && guidance !== null && reason.trim() !== '' && point !== undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (condition === null || guidance === null || point === undefined) return;
    const name = ruleName(
      type,
      point.id,
      settings.map(({ inForce }) => inForce.id),
    );
    const own = { condition, guidance, priority, onDelayMs, offDelayMs, reason: reason.trim() };
    void run(async () => {
      await putAlarmOverride(`${point.id}#${name}`, own);
      await refresh();
    }).then((isDone) => {
      if (isDone) onDone();
    });
  };
  return (
    <form className="space-y-3" onSubmit={submit} data-testid="setting-add-form">
      <label className="block">
        <span className="text-xs text-dim">{t('setting.point')}</span>
        <select className="field mt-1" value={pointId} onChange={(event) => setPointId(event.target.value)}>
          {points.map((each) => (
            <option key={each.id} value={each.id}>
              {text(each.name)}
            </option>
          ))}
        </select>
      </label>
      <label className="block">
        <span className="text-xs text-dim">{t('alarms.condition')}</span>
        <select
          className="field mt-1"
          value={type}
          onChange={(event) => {
            setType(event.target.value as AddableType);
            setNumbers({});
          }}
          data-testid="setting-type"
        >
          {addableTypes.map((each) => (
            <option key={each} value={each}>
              {each.length <= 2 ? `${each} ${t(`limitKind.${each}`)}` : t(`condition.${each}`)}
            </option>
          ))}
        </select>
      </label>
      <div className="grid grid-cols-2 gap-3">
        <ConditionFields condition={blank} point={point} draft={draft} onChange={setNumbers} />
        <DelayFields {...delays} onChange={(part) => setDelays({ ...delays, ...part })} form="setting" />
        <PriorityField value={priority} onChange={setPriority} />
        <NumberField
          label={t('setting.respond')}
          value={respondMin}
          onChange={setRespondMin}
          min={1}
          testId="setting-respond"
        />
      </div>
      <p className="text-xs text-faint">{t('setting.words')}</p>
      {guidanceTexts.map((key) => (
        <fieldset key={key} className="grid grid-cols-2 gap-2">
          <legend className="text-xs text-dim">{t(`setting.${key}`)}</legend>
          {(['zh', 'en'] as const).map((language) => (
            <textarea
              key={language}
              className="field mt-1"
              rows={2}
              required
              maxLength={500}
              placeholder={t(`setting.${language}`)}
              aria-label={`${t(`setting.${key}`)} ${t(`setting.${language}`)}`}
              value={words[key][language]}
              onChange={(event) => setWords({ ...words, [key]: { ...words[key], [language]: event.target.value } })}
              data-testid={`setting-${key}-${language}`}
            />
          ))}
        </fieldset>
      ))}
      <ReasonField label={t('limit.reason')} value={reason} onChange={setReason} testId="setting-reason" />
      <Problem error={problem} />
      <button
        type="submit"
        className="button button-main w-full"
        disabled={busy || !isSound}
        data-testid="setting-save"
      >
        {t('setting.save')}
      </button>
    </form>
  );
}
