import type { Point } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { useLocalText } from '../../state/i18n.ts';
import { ChoiceSet } from '../form-fields.tsx';

interface Props {
  label: string;
  point: Point | undefined;
  states: readonly string[];
  onChange: (states: string[]) => void;
}

/** Some of the states of a point, by their names; of a number, as typed. */
export function StateChoice({ label, point, states, onChange }: Props) {
  const { t } = useTranslation();
  const text = useLocalText();
  if (point?.kind === 'boolean') {
    const name = (value: number) => point.states?.find((state) => state.value === value)?.name;
    const [on, off] = [name(1), name(0)];
    const options = [
      { value: 'true', label: on === undefined ? t('value.yes') : text(on) },
      { value: 'false', label: off === undefined ? t('value.no') : text(off) },
    ];
    return <ChoiceSet label={label} values={states} options={options} onChange={onChange} />;
  }
  if (point?.kind === 'enum' && point.states !== null) {
    const options = point.states.map(({ value, name }) => ({ value: String(value), label: text(name) }));
    const known = new Set(options.map(({ value }) => value));
    for (const value of states) if (!known.has(value)) options.push({ value, label: value });
    return <ChoiceSet label={label} values={states} options={options} onChange={onChange} />;
  }
  return (
    <label className="block">
      <span className="text-xs text-dim">{label}</span>
      <input
        className="field num mt-1"
        value={states.join(', ')}
        placeholder={t('builder.valuesHint')}
        onChange={(event) => onChange(event.target.value.split(/[,，]\s*/).filter((each, at) => each !== '' || at > 0))}
      />
    </label>
  );
}
