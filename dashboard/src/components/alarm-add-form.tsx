import type { AlarmPriority, EquipmentDetail, Point } from '@plantroom/contracts';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { putAlarmOverride } from '../api/actions.ts';
import { useAlarmSettings, useRefreshDefinitions } from '../api/queries.ts';
import { blankCondition, conditionFrom, conditionKinds, type GateDraft, gateFrom } from '../format/condition-draft.ts';
import { guidanceOf, guidanceTexts, noWords, ruleName } from '../format/new-alarm.ts';
import type { PointPaths } from '../format/point-paths.ts';
import { firstCharted } from '../format/points.ts';
import { useLocalText } from '../state/i18n.ts';
import { usePointPaths } from '../state/use-point-paths.ts';
import { useRequest } from '../state/use-request.ts';
import { DelayFields, PriorityField } from './alarm-fields.tsx';
import { ConditionEditor } from './definition/condition-editor.tsx';
import { DefinitionProblems, OtherProblems } from './definition/definition-problems.tsx';
import { GateEditor } from './definition/gate-editor.tsx';
import { ReasonField, SelectField } from './form-fields.tsx';
import { NumberField } from './number-field.tsx';
import { Skeleton } from './states.tsx';

/** An alarm of the site's own: what it watches and what it tells the operator, in both languages. */
export function AlarmAddForm({ detail, onDone }: { detail: EquipmentDetail; onDone: () => void }) {
  const { t } = useTranslation();
  const text = useLocalText();
  const { points } = detail;
  const [pointId, setPointId] = useState(firstCharted(detail.class, points)?.id ?? points[0]?.id ?? '');
  const point = points.find(({ id }) => id === pointId);
  const paths = usePointPaths(point);
  return (
    <div className="space-y-3">
      <SelectField
        label={t('setting.point')}
        value={pointId}
        options={points.map(({ id, name }) => ({ value: id, label: text(name) }))}
        onChange={setPointId}
        testId="setting-point"
      />
      {point === undefined || paths === null ? (
        <Skeleton rows={6} />
      ) : (
        <Fields key={pointId} equipment={detail.id} point={point} paths={paths} onDone={onDone} />
      )}
    </div>
  );
}

interface FieldsProps {
  equipment: string;
  point: Point;
  paths: PointPaths;
  onDone: () => void;
}

function Fields({ equipment, point, paths, onDone }: FieldsProps) {
  const { t } = useTranslation();
  const refresh = useRefreshDefinitions();
  const settings = useAlarmSettings(equipment).data ?? [];
  const [watched, setWatched] = useState(() => blankCondition(conditionKinds(point)[0] ?? 'no-data', point));
  const [gate, setGate] = useState<GateDraft | null>(null);
  const [delays, setDelays] = useState({ onDelayS: '60', offDelayS: '60' });
  const [priority, setPriority] = useState<AlarmPriority>('low');
  const [words, setWords] = useState(noWords);
  const [respondMin, setRespondMin] = useState('30');
  const [reason, setReason] = useState('');
  const { busy, problem, run } = useRequest();
  const condition = conditionFrom(watched, point, paths.find);
  const enabledWhen = gateFrom(gate, paths.find);
  const guidance = guidanceOf(words, respondMin);
  const onDelayMs = Math.round(Number(delays.onDelayS) * 1000);
  const offDelayMs = Math.round(Number(delays.offDelayS) * 1000);
  const isFilled = condition !== null && enabledWhen !== undefined && guidance !== null;
  const isSound = isFilled && reason.trim() !== '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (condition === null || guidance === null || enabledWhen === undefined) return;
    const name = ruleName(
      watched.kind,
      point.id,
      settings.map(({ inForce }) => inForce.id),
    );
    const gated = enabledWhen === null ? {} : { enabledWhen };
    const own = { condition, ...gated, guidance, priority, onDelayMs, offDelayMs, reason: reason.trim() };
    void run(async () => {
      await putAlarmOverride(`${point.id}#${name}`, own);
      await refresh();
    }).then((isDone) => {
      if (isDone) onDone();
    });
  };
  return (
    <form className="space-y-3" onSubmit={submit} data-testid="setting-add-form">
      <DefinitionProblems error={problem}>
        <ConditionEditor draft={watched} onChange={setWatched} own={point} paths={paths} />
        <GateEditor draft={gate} onChange={setGate} own={point} paths={paths} />
      </DefinitionProblems>
      <div className="grid grid-cols-2 gap-3">
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
      {!isFilled && <p className="text-xs text-dim">{t('setting.unfilled')}</p>}
      <OtherProblems error={problem} />
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
