import type { AlarmKpi } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { useKpiText } from '../format/use-kpi-text.ts';

const frames: Record<AlarmKpi['verdict'], string> = {
  'on-target': 'border-line',
  manageable: 'border-edge border-dashed',
  over: 'border-ink border-2',
  reported: 'border-line',
  'no-data': 'border-line',
};

/** One KPI beside its target. Colour belongs to alarms: what is over is told by a heavy frame and in words. */
export function KpiTile({ kpi }: { kpi: AlarmKpi }) {
  const { t } = useTranslation();
  const text = useKpiText();
  const aims = [
    kpi.target === null
      ? ''
      : t(kpi.below ? 'kpiTile.below' : 'kpiTile.target', { value: text(kpi.unit, kpi.target, 'aim') }),
    kpi.maximum === null ? '' : t('kpiTile.maximum', { value: text(kpi.unit, kpi.maximum, 'aim') }),
  ].filter((each) => each !== '');
  return (
    <div
      className={`flex min-w-0 break-inside-avoid flex-col rounded border bg-panel p-2.5 ${frames[kpi.verdict]}`}
      data-testid="kpi"
      data-kpi={kpi.id}
      data-verdict={kpi.verdict}
    >
      <span className="text-xs text-dim">{t(`kpi.${kpi.id}`)}</span>
      <span className="num text-xl font-semibold leading-tight">
        {kpi.value === null ? '–' : text(kpi.unit, kpi.value)}
      </span>
      <span className="num mt-auto text-xs text-faint">{aims.join(' · ')}</span>
      {kpi.verdict !== 'reported' && (
        <span className={`text-xs ${kpi.verdict === 'over' ? 'font-semibold text-ink' : 'text-dim'}`}>
          {t(`kpiVerdict.${kpi.verdict}`)}
        </span>
      )}
    </div>
  );
}
