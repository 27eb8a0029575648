import type { Alarm } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { countHidden, type HidingFilter } from '../format/alarm-hiding.ts';
import { shapeLook } from '../format/alarm-look.ts';
import { useAlarms } from '../live/use-live.ts';

/** Beside the counts of the top bar: how many are out of sight; a click leads to the first kind of them. */
export function HiddenTotal() {
  const { t } = useTranslation();
  const counts = countHidden(useAlarms());
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const first = counts.find(({ count }) => count > 0);
  if (first === undefined) return null;
  const parts = counts.map(({ state, count }) => `${t(`alarmState.${state}`)} ${count}`);
  return (
    <Link
      to={`/alarms?state=${first.filter}`}
      className="num inline-flex min-h-9 items-center gap-1 rounded px-1.5 font-semibold hover:bg-raised"
      title={parts.join(' · ')}
      aria-label={`${t('hiding.total')}: ${parts.join(', ')}`}
      data-testid="hidden-total"
      data-total={total}
    >
      <Letters text={counts.flatMap(({ state, count }) => (count > 0 ? [shapeLook(state).letter] : [])).join('')} />
      {total}
    </Link>
  );
}

interface Props {
  alarms: readonly Alarm[];
  chosen: string;
  onChoose: (filter: HidingFilter | null) => void;
}

/** One button a kind, with its count also when that is zero. */
export function HiddenTabs({ alarms, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  return countHidden(alarms).map(({ state, filter, count }) => (
    <button
      key={state}
      type="button"
      className={`button px-2 ${chosen === filter ? 'ring-2 ring-ink' : ''} ${count === 0 ? 'text-faint' : ''}`}
      aria-pressed={chosen === filter}
      onClick={() => onChoose(chosen === filter ? null : filter)}
      data-testid={`hidden-${filter}`}
      data-count={count}
    >
      <Letters text={shapeLook(state).letter ?? ''} />
      <span className="hidden sm:inline">{t(`alarmState.${state}`)}</span>
      <span className="num font-semibold">{count}</span>
    </button>
  ));
}

function Letters({ text }: { text: string }) {
  return (
    <span
      className="inline-grid min-w-[1.4em] place-items-center rounded-sm border-2 border-offduty px-0.5 text-xs font-bold leading-tight text-offduty"
      aria-hidden
    >
      {text}
    </span>
  );
}
