import { useTranslation } from 'react-i18next';
import type { PointPaths } from '../../format/point-paths.ts';
import { useLocalText } from '../../state/i18n.ts';
import { useEquipmentIndex } from '../../state/site.ts';

interface Props {
  label: string;
  paths: PointPaths;
  value: string;
  onChange: (path: string) => void;
  /** What the empty path means here. */
  empty: string;
  testId: string;
}

/** A point that an alarm names: of its own equipment, of the parent, of what it depends on. */
export function PointPicker({ label, paths, value, onChange, empty, testId }: Props) {
  const { t } = useTranslation();
  const text = useLocalText();
  const index = useEquipmentIndex();
  const isListed = value === '' || paths.groups.some(({ points }) => points.some(({ path }) => path === value));
  const found = paths.find(value);
  return (
    <label className="block min-w-0">
      <span className="text-xs text-dim">{label}</span>
      <select
        className="field mt-1"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        data-testid={testId}
      >
        <option value="">{empty}</option>
        {!isListed && (
          <option value={value}>
            {found === undefined ? t('builder.notDelivered', { path: value }) : `${text(found.name)} (${value})`}
          </option>
        )}
        {paths.groups.map(({ relation, equipment, points }) => {
          const name = index.get(equipment)?.name;
          const where = `${t(`builder.relation.${relation}`)} · ${name === undefined ? equipment : text(name)}`;
          return (
            <optgroup key={`${relation} ${equipment}`} label={where}>
              {points.map(({ path, point }) => (
                <option key={path} value={path}>
                  {text(point.name)}
                </option>
              ))}
            </optgroup>
          );
        })}
      </select>
    </label>
  );
}
