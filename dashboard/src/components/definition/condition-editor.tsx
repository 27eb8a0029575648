import type { Point } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import {
  blankCondition,
  type ConditionDraft,
  type ConditionKind,
  conditionKinds,
  isLimitKind,
  numberFieldsOf,
} from '../../format/condition-draft.ts';
import type { PointPaths } from '../../format/point-paths.ts';
import { ConditionFields } from '../condition-fields.tsx';
import { SelectField } from '../form-fields.tsx';
import { ComparisonFields } from './comparison-fields.tsx';
import { ProblemsAt } from './definition-problems.tsx';
import { ExpressionBuilder } from './expression-builder.tsx';
import { PointPicker } from './point-picker.tsx';
import { StateChoice } from './state-choice.tsx';

interface Props {
  draft: ConditionDraft;
  onChange: (draft: ConditionDraft) => void;
  own: Point;
  paths: PointPaths;
}

/** What makes an alarm true, of any type. */
export function ConditionEditor({ draft, onChange, own, paths }: Props) {
  const { t } = useTranslation();
  const { kind } = draft;
  const kinds = conditionKinds(own);
  const offered = kinds.includes(kind) ? kinds : [kind, ...kinds];
  const label = (each: ConditionKind) =>
    isLimitKind(each) ? `${t(`limitKind.${each}`)} ${each}` : t(`condition.${each}`);
  return (
    <fieldset className="min-w-0 space-y-3" data-testid="condition">
      <SelectField
        label={t('alarms.condition')}
        value={kind}
        options={offered.map((each) => ({ value: each, label: label(each) }))}
        onChange={(each) => onChange(blankCondition(each as ConditionKind, own))}
        hint={t(`conditionHint.${isLimitKind(kind) ? 'limit' : kind}`)}
        testId="condition.type"
      />
      <ProblemsAt at="condition" />
      {kind === 'off-normal' && (
        <StateChoice
          label={t('builder.states')}
          point={own}
          states={draft.states}
          onChange={(states) => onChange({ ...draft, states })}
        />
      )}
      {(kind === 'deviation' || kind === 'mismatch') && (
        <PointPicker
          label={t(kind === 'deviation' ? 'builder.setpoint' : 'builder.feedback')}
          paths={paths}
          value={draft.path}
          onChange={(path) => onChange({ ...draft, path })}
          empty={t(kind === 'deviation' ? 'builder.fixed' : 'builder.choose')}
          testId={`condition.${kind === 'deviation' ? 'from' : 'feedback'}`}
        />
      )}
      {kind === 'count' && (
        <div className="space-y-2 border-l-2 border-edge pl-2 sm:pl-3">
          <ComparisonFields
            draft={draft.of}
            onChange={(of) => onChange({ ...draft, of })}
            paths={paths}
            own={own}
            at="condition.of"
          />
          <ProblemsAt at="condition.of" />
        </div>
      )}
      <div className="grid grid-cols-2 gap-3 empty:hidden">
        <ConditionFields
          fields={numberFieldsOf(draft)}
          point={own}
          draft={draft.numbers}
          onChange={(numbers) => onChange({ ...draft, numbers })}
        />
      </div>
      {kind === 'expression' && (
        <ExpressionBuilder
          draft={draft.when}
          onChange={(when) => onChange({ ...draft, when })}
          paths={paths}
          own={own}
          at="condition.when"
        />
      )}
    </fieldset>
  );
}
