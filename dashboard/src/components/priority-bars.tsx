import type { AlarmKpiReport, PriorityShare } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { AlarmShape } from './alarm-shape.tsx';

/** Share of each priority, as configured and as annunciated, with a mark where it should be. */
export function PriorityBars({ report }: { report: AlarmKpiReport }) {
  const { t } = useTranslation();
  const totals = {
    configured: report.priorities.reduce((all, { configured }) => all + configured, 0),
    annunciated: report.annunciated,
  };
  return (
    <div className="space-y-3" data-testid="priorities">
      {(['configured', 'annunciated'] as const).map((kind) => (
        <div key={kind}>
          <h3 className="mb-1 text-xs text-faint">{t(`kpiPage.${kind}`, { count: totals[kind] })}</h3>
          <ul className="space-y-1">
            {report.priorities.map((each) => (
              <Bar
                key={each.priority}
                each={each}
                count={each[kind]}
                total={totals[kind]}
                verdict={each[`${kind}Verdict`]}
              />
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

interface BarProps {
  each: PriorityShare;
  count: number;
  total: number;
  verdict: PriorityShare['configuredVerdict'];
}

function Bar({ each, count, total, verdict }: BarProps) {
  const { t } = useTranslation();
  const share = total === 0 ? 0 : count / total;
  const aim = Math.round(each.target * 100);
  return (
    <li className="grid grid-cols-[1.75rem_minmax(0,1fr)_9rem] items-center gap-2">
      <AlarmShape priority={each.priority} />
      <span className="relative block h-4 rounded-sm bg-canvas">
        <span className="absolute inset-y-0 left-0 rounded-sm bg-faint" style={{ width: `${share * 100}%` }} />
        <span className="absolute inset-y-[-3px] w-0.5 bg-ink" style={{ left: `${each.target * 100}%` }} />
      </span>
      <span className={`num text-xs ${verdict === 'over' ? 'font-semibold' : 'text-dim'}`}>
        {(share * 100).toFixed(1)} % ·{' '}
        {t(each.priority === 'low' ? 'kpiPage.atLeast' : 'kpiPage.atMost', { share: aim })}
      </span>
    </li>
  );
}
