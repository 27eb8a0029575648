import { useTranslation } from 'react-i18next';
import type { Option } from './form-fields.tsx';

interface Props {
  label: string;
  hint?: string;
  /** The first entry of the list to choose from. */
  add: string;
  values: readonly string[];
  options: readonly Option[];
  onChange: (values: string[]) => void;
  testId: string;
}

/** Some of many: what is chosen stands above a list of the others. A value that no option names any more stays until it is taken out. */
export function PickList({ label, hint, add, values, options, onChange, testId }: Props) {
  const { t } = useTranslation();
  const labelOf = (value: string): string => options.find((option) => option.value === value)?.label ?? value;
  return (
    <fieldset data-testid={testId}>
      <legend className="text-xs text-dim">{label}</legend>
      <ul className="mt-1 flex flex-wrap gap-1">
        {values.map((value) => (
          <li key={value}>
            <button
              type="button"
              className="button button-main px-2"
              aria-label={`${t('notify.remove')} ${labelOf(value)}`}
              onClick={() => onChange(values.filter((each) => each !== value))}
            >
              {labelOf(value)} ✕
            </button>
          </li>
        ))}
      </ul>
      <select
        className="field mt-1"
        aria-label={label}
        value=""
        onChange={({ target }) => target.value !== '' && onChange([...values, target.value])}
      >
        <option value="">{add}</option>
        {options
          .filter(({ value }) => !values.includes(value))
          .map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
      </select>
      {hint !== undefined && <p className="mt-0.5 text-xs text-faint">{hint}</p>}
    </fieldset>
  );
}
