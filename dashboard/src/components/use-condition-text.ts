import type { AlarmCondition, Point } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { draftOf, fieldsOf } from '../format/condition-fields.ts';
import { displayUnit } from '../format/value.ts';

/** A condition in a few words: its kind and its numbers. */
export function useConditionText(): (condition: AlarmCondition, point: Point | undefined) => string {
  const { t } = useTranslation();
  return (condition, point) => {
    const symbol = point === undefined ? '' : displayUnit(point).symbol;
    const draft = draftOf(condition, point);
    const numbers = fieldsOf(condition).flatMap(({ key, unit }) => {
      const value = draft[key];
      if (value === undefined || value === '' || key === 'deadband') return [];
      if (unit === 'ms') return [t('setting.seconds', { name: t(`conditionField.${key}`), value })];
      const shown = unit === 'point' && symbol !== '' ? `${value} ${symbol}` : value;
      return [condition.type === 'limit' ? shown : `${t(`conditionField.${key}`)} ${shown}`];
    });
    const kind = condition.type === 'limit' ? condition.kind : t(`condition.${condition.type}`);
    return [kind, ...numbers].join(' · ');
  };
}
