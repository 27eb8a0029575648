import type { ReactNode } from 'react';

/** The 24-hour clock, whatever the browser's language would show. */
const clockPattern = '([01][0-9]|2[0-3]):[0-5][0-9]';

interface FieldProps {
  label: string;
  hint?: string | undefined;
  testId?: string;
}

export function FieldFrame({ label, hint, children }: FieldProps & { children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="block">
      <span className="text-xs text-dim">{label}</span>
      {children}
      {hint !== undefined && <span className="mt-0.5 block text-xs text-faint">{hint}</span>}
    </label>
  );
}

interface TextProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  type?: 'text' | 'password' | 'number' | 'time' | 'date';
  required?: boolean;
  placeholder?: string;
}

export function TextField({
  label,
  hint,
  value,
  onChange,
  type = 'text',
  required = false,
  placeholder,
  testId,
}: TextProps) {
  return (
    <FieldFrame label={label} hint={hint}>
      <input
        className="field mt-1"
        type={type === 'time' ? 'text' : type}
        {...(type === 'time' ? { pattern: clockPattern, inputMode: 'numeric' as const, maxLength: 5 } : {})}
        value={value}
        required={required}
        placeholder={placeholder}
        autoComplete={type === 'password' ? 'new-password' : 'off'}
        onChange={(event) => onChange(event.target.value)}
        data-testid={testId}
      />
    </FieldFrame>
  );
}

export function TextArea({
  label,
  hint,
  value,
  onChange,
  rows = 4,
  testId,
}: Omit<TextProps, 'type'> & { rows?: number }) {
  return (
    <FieldFrame label={label} hint={hint}>
      <textarea
        className="field mt-1 font-mono text-xs"
        rows={rows}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        data-testid={testId}
      />
    </FieldFrame>
  );
}

/** Why something is changed: it is kept, so it may not be empty. */
export function ReasonField({ label, hint, value, onChange, testId }: Omit<TextProps, 'type'>) {
  return (
    <FieldFrame label={label} hint={hint}>
      <textarea
        className="field mt-1"
        rows={2}
        required
        maxLength={1000}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        data-testid={testId}
      />
    </FieldFrame>
  );
}

export interface Option {
  value: string;
  label: string;
}

interface SelectProps extends FieldProps {
  value: string;
  options: readonly Option[];
  onChange: (value: string) => void;
}

export function SelectField({ label, hint, value, options, onChange, testId }: SelectProps) {
  return (
    <FieldFrame label={label} hint={hint}>
      <select
        className="field mt-1"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        data-testid={testId}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </FieldFrame>
  );
}

interface CheckProps {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  testId?: string;
}

export function CheckField({ label, checked, onChange, testId }: CheckProps) {
  return (
    <label className="flex min-h-9 items-center gap-2">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        data-testid={testId}
      />
      {label}
    </label>
  );
}

interface ChoiceProps extends FieldProps {
  values: readonly string[];
  options: readonly Option[];
  onChange: (values: string[]) => void;
}

/** Some of a few; what is chosen keeps the order of the options. */
export function ChoiceSet({ label, hint, values, options, onChange }: ChoiceProps) {
  const toggle = (value: string) =>
    onChange(options.map((option) => option.value).filter((each) => (each === value) !== values.includes(each)));
  return (
    <fieldset>
      <legend className="text-xs text-dim">{label}</legend>
      <div className="mt-1 flex flex-wrap gap-1">
        {options.map((option) => (
          <label
            key={option.value}
            className={`button cursor-pointer px-2 has-[:focus-visible]:outline ${values.includes(option.value) ? 'button-main' : ''}`}
          >
            <input
              type="checkbox"
              className="sr-only"
              checked={values.includes(option.value)}
              onChange={() => toggle(option.value)}
            />
            {option.label}
          </label>
        ))}
      </div>
      {hint !== undefined && <p className="mt-0.5 text-xs text-faint">{hint}</p>}
    </fieldset>
  );
}
