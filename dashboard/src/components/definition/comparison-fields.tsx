import type { Point } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { blankComparison, type ComparisonDraft } from '../../format/expression-draft.ts';
import type { PointPaths } from '../../format/point-paths.ts';
import { displayUnit } from '../../format/value.ts';
import { useLocalText } from '../../state/i18n.ts';
import { SelectField } from '../form-fields.tsx';
import { NumberField } from '../number-field.tsx';
import { PointPicker } from './point-picker.tsx';
import { StateChoice } from './state-choice.tsx';

interface Props {
  draft: ComparisonDraft;
  onChange: (draft: ComparisonDraft) => void;
  paths: PointPaths;
  /** The alarm's own point. */
  own: Point;
  /** Where it stands in the definition: `condition.when.anyOf.1`. */
  at: string;
}

const tests = ['above', 'below', 'is'] as const;

/** One point against a number in its unit, or some of its states. */
export function ComparisonFields({ draft, onChange, paths, own, at }: Props) {
  const { t } = useTranslation();
  const text = useLocalText();
  const point = paths.find(draft.path);
  const symbol = point === undefined ? '' : displayUnit(point).symbol;
  const isState = point?.kind === 'boolean' || point?.kind === 'enum';
  const inUnit = (label: string) => `${label} ${symbol}`.trim();
  const choose = (path: string) => {
    const next = paths.find(path);
    const isAlike = next?.kind === point?.kind && next?.unit === point?.unit && next?.kind !== 'enum';
    onChange(isAlike ? { ...draft, path } : { ...blankComparison(path, next), ifAbsent: draft.ifAbsent });
  };
  return (
    <div className="grid grid-cols-2 gap-2">
      <div className="col-span-2">
        <PointPicker
          label={t('builder.point')}
          paths={paths}
          value={draft.path}
          onChange={choose}
          empty={t('builder.ownPoint', { name: text(own.name) })}
          testId={`${at}.point`}
        />
      </div>
      <SelectField
        label={t('builder.test')}
        value={draft.test}
        options={tests
          .filter((test) => !isState || test === 'is' || draft.test === test)
          .map((test) => ({ value: test, label: t(`builder.tests.${test}`) }))}
        onChange={(test) => onChange({ ...draft, test: test as ComparisonDraft['test'] })}
        testId={`${at}.test`}
      />
      {draft.test !== 'is' && (
        <NumberField
          label={inUnit(t('builder.value'))}
          value={draft.value}
          onChange={(value) => onChange({ ...draft, value })}
          required
          testId={`${at}.value`}
        />
      )}
      <div className={draft.test === 'is' ? 'col-span-2' : 'hidden'} data-testid={`${at}.is`}>
        {draft.test === 'is' && (
          <StateChoice
            label={isState ? t('builder.states') : inUnit(t('builder.values'))}
            point={point}
            states={draft.states}
            onChange={(states) => onChange({ ...draft, states })}
          />
        )}
      </div>
      {draft.test !== 'is' && (
        <NumberField
          label={inUnit(t('conditionField.deadband'))}
          value={draft.deadband}
          onChange={(deadband) => onChange({ ...draft, deadband })}
          min={0}
          testId={`${at}.deadband`}
        />
      )}
      <SelectField
        label={t('builder.ifAbsent')}
        value={draft.ifAbsent}
        options={(['', 'true', 'false'] as const).map((value) => ({
          value,
          label: t(`builder.absent.${value === '' ? 'unknown' : value}`),
        }))}
        onChange={(ifAbsent) => onChange({ ...draft, ifAbsent: ifAbsent as ComparisonDraft['ifAbsent'] })}
        testId={`${at}.ifAbsent`}
      />
    </div>
  );
}
