import type { Point } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';

/** Beside a value that no device delivers: the gateway computes it from other points of the equipment. */
export function DerivedMark({ point }: { point: Pick<Point, 'derived'> }) {
  const { t } = useTranslation();
  if (!point.derived) return null;
  return (
    <p className="text-xs text-dim" data-testid="point-derived">
      <span className="rounded border border-line px-1 py-0.5">{t('point.derived')}</span> {t('point.derivedHint')}
    </p>
  );
}
