import type { AlarmPriority, BacktestSide } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { useSpan } from './use-span.ts';

interface Props {
  title: string;
  /** Null: there is no alarm on this side. */
  side: BacktestSide | null;
  /** Most alarms a day of both sides: their bars have one scale. */
  mostADay: number;
  priority: AlarmPriority;
  testId: string;
}

/** What one side would have raised: the figure, and how it is spread over the days. */
export function SideCard({ title, side, mostADay, priority, testId }: Props) {
  const { t } = useTranslation();
  const span = useSpan();
  const perDay = side?.perDay ?? [];
  return (
    <section className="min-w-0 rounded border border-line bg-panel p-3" data-testid={testId}>
      <h2 className="text-sm text-dim">{title}</h2>
      {side === null ? (
        <p className="py-6 text-faint">{t('backtest.noAlarm')}</p>
      ) : (
        <>
          <p className="num flex flex-wrap items-baseline gap-x-2">
            <span className="text-3xl font-semibold" data-testid={`${testId}-count`}>
              {side.count}
            </span>
            <span className="text-dim">
              {t('backtest.perDay', { count: Number((side.count / Math.max(1, perDay.length)).toFixed(1)) })}
            </span>
          </p>
          <dl className="num mt-1 grid grid-cols-3 gap-2 text-sm">
            <Figure label={t('backtest.active')} value={span(side.activeMs)} />
            <Figure label={t('backtest.chattering')} value={String(side.chattering)} />
            <Figure label={t('backtest.fleeting')} value={String(side.fleeting)} />
          </dl>
          <svg
            className="mt-2 block h-12 w-full"
            viewBox={`0 0 ${Math.max(1, perDay.length)} 10`}
            preserveAspectRatio="none"
            role="img"
            aria-label={t('backtest.byDay', { counts: perDay.join(', ') })}
          >
            {perDay.map((count, day) => {
              const height = mostADay === 0 ? 0 : (count / mostADay) * 10;
              return (
                <rect
                  // biome-ignore lint/suspicious/noArrayIndexKey: a day has no other name
                  key={day}
                  x={day + 0.12}
                  width={0.76}
                  y={count === 0 ? 9.85 : 10 - height}
                  height={count === 0 ? 0.15 : height}
                  fill={count === 0 ? 'rgb(var(--edge))' : `rgb(var(--${priorityToken[priority]}))`}
                />
              );
            })}
          </svg>
        </>
      )}
    </section>
  );
}

export const priorityToken: Record<AlarmPriority, string> = { critical: 'p1', high: 'p2', medium: 'p3', low: 'p4' };

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt className="text-xs text-faint">{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
