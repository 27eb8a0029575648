interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  min?: number;
  required?: boolean;
  testId: string;
}

export function NumberField({ label, value, onChange, min, required = false, testId }: Props) {
  return (
    <label className="block">
      <span className="text-xs text-dim">{label}</span>
      <input
        type="number"
        step="any"
        className="field num mt-1"
        value={value}
        min={min}
        required={required}
        onChange={(event) => onChange(event.target.value)}
        data-testid={testId}
      />
    </label>
  );
}
