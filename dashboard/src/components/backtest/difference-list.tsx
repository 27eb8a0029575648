import type { BacktestDifference, BacktestOccurrence } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { dateTimeSeconds } from '../../format/time.ts';
import { useSpan } from './use-span.ts';

interface Props {
  difference: BacktestDifference;
  timeZone: string;
  /** Words of a stored value. */
  valueText: (value: number) => string;
}

/** What would be new, gone or moved, one by one. */
export function DifferenceList({ difference, timeZone, valueText }: Props) {
  const { t } = useTranslation();
  const { items, same, moved, gone, new: fresh, truncated } = difference;
  return (
    <div data-testid="backtest-differences">
      <p className="num mb-2 flex flex-wrap gap-x-4 text-sm text-dim">
        {(['new', 'gone', 'moved', 'same'] as const).map((kind) => (
          <span key={kind} data-testid={`difference-${kind}`}>
            {t(`backtest.${kind}`)} <b className="font-semibold text-ink">{{ new: fresh, gone, moved, same }[kind]}</b>
          </span>
        ))}
      </p>
      {items.length === 0 ? (
        <p className="text-faint">{t('backtest.noDifference')}</p>
      ) : (
        <ul className="divide-y divide-line">
          {items.map((item) => (
            <li
              key={`${item.kind} ${(item.before ?? item.after)?.onsetMs}`}
              className="grid gap-x-3 py-1.5 text-sm md:grid-cols-[4rem_1fr_1fr]"
            >
              <span className="font-semibold">{t(`backtest.${item.kind}`)}</span>
              <Times occurrence={item.before} label={t('backtest.before')} timeZone={timeZone} valueText={valueText} />
              <Times occurrence={item.after} label={t('backtest.after')} timeZone={timeZone} valueText={valueText} />
            </li>
          ))}
        </ul>
      )}
      {(truncated || items.length < moved + gone + fresh) && (
        <p className="mt-2 text-xs text-faint">{t('backtest.onlyFirst', { count: items.length })}</p>
      )}
    </div>
  );
}

function Times({
  occurrence,
  label,
  timeZone,
  valueText,
}: {
  occurrence: BacktestOccurrence | null;
  label: string;
  timeZone: string;
  valueText: (value: number) => string;
}) {
  const { t } = useTranslation();
  const span = useSpan();
  if (occurrence === null) return <span className="hidden text-faint md:inline">–</span>;
  const { raisedMs, returnedMs, low, high } = occurrence;
  return (
    <span className="num">
      <span className="mr-1 text-xs text-faint md:sr-only">{label}</span>
      {dateTimeSeconds(raisedMs, timeZone)} · {returnedMs === null ? t('backtest.stands') : span(returnedMs - raisedMs)}
      {low !== null && high !== null && (
        <span className="text-dim"> · {low === high ? valueText(low) : `${valueText(low)} … ${valueText(high)}`}</span>
      )}
    </span>
  );
}
