import type { AlarmPriority, BacktestAlarm, BacktestOccurrence } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../../format/time.ts';
import { priorityToken } from './side-card.tsx';

interface Props {
  alarm: BacktestAlarm;
  fromMs: number;
  toMs: number;
  days: readonly number[];
  priority: AlarmPriority;
  timeZone: string;
}

const width = 1000;
/** An occurrence of seconds must be seen on a strip of days. */
const leastWidth = 2.5;

/** The range as two strips, one below the other: when the alarm would have stood, and where nobody knows. */
export function OccurrenceStrips({ alarm, fromMs, toMs, days, priority, timeZone }: Props) {
  const { t } = useTranslation();
  const x = (ms: number): number => ((Math.min(Math.max(ms, fromMs), toMs) - fromMs) / (toMs - fromMs)) * width;
  const strip = (list: readonly BacktestOccurrence[]) =>
    list.map(({ raisedMs, returnedMs }) => (
      <rect
        key={raisedMs}
        x={x(raisedMs)}
        width={Math.max(leastWidth, x(returnedMs ?? toMs) - x(raisedMs))}
        y={2}
        height={16}
        fill={`rgb(var(--${priorityToken[priority]}))`}
      />
    ));
  const sides = [
    ['before', alarm.before],
    ['after', alarm.after],
  ] as const;
  return (
    <div className="space-y-1" data-testid="backtest-strips">
      {sides.map(([name, side]) => (
        <div key={name} className="flex items-center gap-2">
          <span className="w-16 shrink-0 text-xs text-dim">{t(`backtest.${name}`)}</span>
          <svg
            className="block h-6 min-w-0 flex-1 rounded bg-raised"
            viewBox={`0 0 ${width} 20`}
            preserveAspectRatio="none"
            role="img"
            aria-label={t('backtest.strip', { side: t(`backtest.${name}`), count: side?.count ?? 0 })}
          >
            <defs>
              <pattern
                id={`hole-${name}`}
                width="6"
                height="6"
                patternUnits="userSpaceOnUse"
                patternTransform="rotate(45)"
              >
                <rect width="1.5" height="6" fill="rgb(var(--edge))" />
              </pattern>
            </defs>
            {days.slice(1).map((day) => (
              <rect key={day} x={x(day)} width={0.7} y={0} height={20} fill="rgb(var(--line))" />
            ))}
            {alarm.holes.map((hole) => (
              <rect
                key={hole.fromMs}
                x={x(hole.fromMs)}
                width={Math.max(1, x(hole.toMs) - x(hole.fromMs))}
                y={0}
                height={20}
                fill={`url(#hole-${name})`}
              />
            ))}
            {side !== null && strip(side.occurrences)}
          </svg>
        </div>
      ))}
      <div className="num flex justify-between pl-[4.5rem] text-xs text-faint">
        <span>{dateTime(fromMs, timeZone)}</span>
        <span>{dateTime(toMs, timeZone)}</span>
      </div>
    </div>
  );
}
