import type { Point } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import type { ConditionField } from '../format/condition-fields.ts';
import { displayUnit } from '../format/value.ts';
import { NumberField } from './number-field.tsx';

interface Props {
  fields: readonly ConditionField[];
  point: Point | undefined;
  draft: Readonly<Record<string, string>>;
  onChange: (draft: Record<string, string>) => void;
}

/** The numbers of a condition, each with its unit. */
export function ConditionFields({ fields, point, draft, onChange }: Props) {
  const { t } = useTranslation();
  const symbol = point === undefined ? '' : displayUnit(point).symbol;
  return (
    <>
      {fields.map(({ key, unit, required }) => {
        const name = t(`conditionField.${key}`);
        const label = unit === 'ms' ? t('setting.inSeconds', { name }) : unit === 'point' ? `${name} ${symbol}` : name;
        return (
          <NumberField
            key={key}
            label={label.trim()}
            value={draft[key] ?? ''}
            onChange={(value) => onChange({ ...draft, [key]: value })}
            required={required}
            testId={`condition.${key}`}
          />
        );
      })}
    </>
  );
}
