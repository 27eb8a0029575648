import { type AlarmPriority, alarmPriorities } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { SelectField } from './form-fields.tsx';
import { NumberField } from './number-field.tsx';

interface PriorityProps {
  value: AlarmPriority;
  onChange: (priority: AlarmPriority) => void;
  testId?: string;
}

export function PriorityField({ value, onChange, testId }: PriorityProps) {
  const { t } = useTranslation();
  return (
    <SelectField
      label={t('limit.priority')}
      value={value}
      options={alarmPriorities.map((each) => ({ value: each, label: t(`priority.${each}`) }))}
      onChange={(each) => onChange(each as AlarmPriority)}
      {...(testId === undefined ? {} : { testId })}
    />
  );
}

interface DelayProps {
  onDelayS: string;
  offDelayS: string;
  onChange: (delays: { onDelayS?: string; offDelayS?: string }) => void;
  /** Test ids are `<form>-on-delay` and `<form>-off-delay`. */
  form: string;
}

/** On-delay and off-delay as typed, s. */
export function DelayFields({ onDelayS, offDelayS, onChange, form }: DelayProps) {
  const { t } = useTranslation();
  return (
    <>
      <NumberField
        label={t('limit.onDelay')}
        value={onDelayS}
        onChange={(value) => onChange({ onDelayS: value })}
        min={0}
        testId={`${form}-on-delay`}
      />
      <NumberField
        label={t('limit.offDelay')}
        value={offDelayS}
        onChange={(value) => onChange({ offDelayS: value })}
        min={0}
        testId={`${form}-off-delay`}
      />
    </>
  );
}
