import type { AlarmExpression, Comparison, Point } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import type { PointPaths } from '../format/point-paths.ts';
import { showValue } from '../format/value.ts';
import { useLocalText } from '../state/i18n.ts';
import { usePreferences } from '../state/preferences.ts';
import { useEquipmentIndex } from '../state/site.ts';

export interface ExpressionText {
  /** An expression in words, with the names of its points and states: what has to hold. */
  said: (of: AlarmExpression, paths: PointPaths) => string;
  /** A point by its name and, of another equipment, where it is; its path when nothing delivers it. */
  named: (path: string, paths: PointPaths) => string;
}

export function useExpressionText(): ExpressionText {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const text = useLocalText();
  const index = useEquipmentIndex();
  const nameOf = (path: string, point: Point | undefined): string => {
    if (point === undefined) return path;
    const unit = path.includes('/') ? index.get(point.equipment) : undefined;
    return unit === undefined ? text(point.name) : `${text(unit.name)} ${text(point.name)}`;
  };
  const textOf = (point: Point | undefined, value: number | boolean): string => {
    if (point === undefined) return typeof value === 'boolean' ? t(value ? 'value.yes' : 'value.no') : String(value);
    const shown = showValue(point, value, { yes: t('value.yes'), no: t('value.no'), language });
    return `${shown.text} ${shown.symbol}`.trim();
  };
  const compared = (of: Comparison, { find }: PointPaths): string => {
    const path = of.point ?? '';
    const point = find(path);
    const name = nameOf(path, point);
    if (of.is !== undefined) return `${name} = ${of.is.map((value) => textOf(point, value)).join(' / ')}`;
    return of.above === undefined
      ? `${name} < ${textOf(point, of.below ?? 0)}`
      : `${name} > ${textOf(point, of.above)}`;
  };
  const said = (of: AlarmExpression, paths: PointPaths, isInner: boolean): string => {
    if (of.not !== undefined) return t('builder.words.not', { of: said(of.not, paths, false) });
    const [parts, word] = [of.allOf ?? of.anyOf, of.allOf === undefined ? 'anyOf' : 'allOf'] as const;
    if (parts === undefined) return compared(of, paths);
    const joined = parts.map((part) => said(part, paths, true)).join(t(`builder.words.${word}`));
    return isInner && parts.length > 1 ? t('builder.words.group', { of: joined }) : joined;
  };
  return {
    said: (of, paths) => said(of, paths, false),
    named: (path, { find }) => nameOf(path, find(path)),
  };
}
