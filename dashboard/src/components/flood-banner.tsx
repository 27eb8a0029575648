import { floodRule, type PositionFlood } from '@plantroom/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { clockTime } from '../format/time.ts';
import { useAge } from '../format/use-age.ts';
import { useFloods } from '../live/use-live.ts';
import { useLocalText } from '../state/i18n.ts';
import { useSystemName } from '../state/names.ts';
import { useEquipmentIndex, useTimeZone } from '../state/site.ts';
import { useAlarmTitle } from './alarm-link.tsx';
import { Icon } from './icons.tsx';

/** On every page but the list itself: that the alarms come faster than anybody can read them, and the way to the list. */
export function FloodBand() {
  const { t } = useTranslation();
  const text = useLocalText();
  const timeZone = useTimeZone();
  return useFloods().map((flood) => (
    <Link
      key={flood.id}
      to="/alarms"
      className="flex min-h-touch shrink-0 flex-wrap items-center gap-x-3 border-b border-edge bg-raised px-4 py-1 hover:bg-panel md:min-h-9"
      data-testid="flood-band"
    >
      <Icon name="alarms" className="h-5 w-5" />
      <b>{t('flood.title')}</b>
      <span>{text(flood.name)}</span>
      <span className="num text-dim">
        {t('flood.since', { time: clockTime(flood.beganMs, timeZone) })} · {t('flood.rate', { count: flood.rate })}
      </span>
    </Link>
  ));
}

/** Above the list: each position that is in flood, with what it began with and what comes most. */
export function FloodBanners() {
  const floods = useFloods();
  if (floods.length === 0) return null;
  return (
    <div className="mb-2 space-y-2">
      {floods.map((flood) => (
        <Banner key={flood.id} flood={flood} />
      ))}
    </div>
  );
}

function Banner({ flood }: { flood: PositionFlood }) {
  const { t } = useTranslation();
  const text = useLocalText();
  const timeZone = useTimeZone();
  const equipment = useEquipmentIndex();
  const systemName = useSystemName();
  const title = useAlarmTitle();
  const age = useAge(flood.beganMs);
  const unitName = (id: string | null): string => {
    const unit = id === null ? undefined : equipment.get(id);
    return unit === undefined ? (id ?? t('flood.gateways')) : text(unit.name);
  };
  // Once each says nothing of where to begin.
  const often = flood.equipment.filter(({ alarms }) => alarms > 1);
  const counts = [
    t('flood.alarms', { count: flood.alarms }),
    flood.lifeSafety > 0 ? t('flood.lifeSafety', { count: flood.lifeSafety }) : '',
    flood.critical > 0 ? t('flood.critical', { count: flood.critical }) : '',
  ].filter((part) => part !== '');
  return (
    <section
      className="rounded border-2 border-edge bg-raised px-3 py-2"
      role="status"
      data-testid="flood-banner"
      data-position={flood.position}
      data-alarms={flood.alarms}
    >
      <header className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
        <h2 className="text-base font-bold">
          {t('flood.title')} · {text(flood.name)}
        </h2>
        <span className="num">
          {t('flood.since', { time: clockTime(flood.beganMs, timeZone) })} ({age})
        </span>
        <span className="num font-semibold">{counts.join(t('alarms.and'))}</span>
      </header>
      <div className="mt-2 grid gap-x-6 gap-y-2 md:grid-cols-2 xl:grid-cols-[minmax(14em,1fr)_minmax(0,1.4fr)_minmax(0,1fr)_minmax(0,1.6fr)]">
        <Fact label={t('flood.rateLabel')}>
          <RateBar flood={flood} />
        </Fact>
        <Fact label={t('flood.first')}>
          <Link className="link" to={`/alarms?alarm=${encodeURIComponent(flood.first.alarm)}`}>
            {title(flood.first.alarm)}
          </Link>
          <span className="num text-dim"> {clockTime(flood.first.atMs, timeZone)}</span>
        </Fact>
        <Fact label={t('flood.systems')} className="hidden md:block">
          <Counts
            items={flood.systems.map(({ system, alarms }) => [
              system === null ? t('flood.noSystem') : systemName(system),
              alarms,
            ])}
          />
        </Fact>
        {often.length > 0 && (
          <Fact label={t('flood.equipment')} className="hidden md:block">
            <Counts items={often.map((each) => [unitName(each.equipment), each.alarms])} />
          </Fact>
        )}
      </div>
      <p className="mt-1.5 hidden text-xs text-dim md:block">{t('flood.hint')}</p>
    </section>
  );
}

function Fact({ label, className = '', children }: { label: string; className?: string; children: ReactNode }) {
  return (
    <div className={`min-w-0 ${className}`}>
      <div className="text-xs text-dim">{label}</div>
      <div className="min-w-0 break-words">{children}</div>
    </div>
  );
}

function Counts({ items }: { items: readonly (readonly [string, number])[] }) {
  return (
    <ul className="flex flex-wrap gap-x-3">
      {items.map(([name, count]) => (
        <li key={name} className="whitespace-nowrap">
          {name} <b className="num">{count}</b>
        </li>
      ))}
    </ul>
  );
}

/** How many came within ten minutes, against where a flood begins and ends. */
function RateBar({ flood: { rate, peak } }: { flood: PositionFlood }) {
  const { t } = useTranslation();
  const { beginsAbove, endsBelow } = floodRule;
  const full = Math.max(peak, 2 * beginsAbove);
  const share = (count: number): string => `${Math.min(100, (count / full) * 100)}%`;
  return (
    <div
      className="flex items-center gap-2"
      title={t('flood.rateHint', { begin: beginsAbove, end: endsBelow, peak })}
      data-testid="flood-rate"
      data-rate={rate}
    >
      <b className="num min-w-[1.5em] text-right">{rate}</b>
      <div className="relative h-3 min-w-0 flex-1 overflow-hidden rounded-sm bg-band">
        <div className="h-full bg-edge" style={{ width: share(rate) }} />
        {[endsBelow, beginsAbove].map((mark) => (
          <span key={mark} className="absolute inset-y-0 w-0.5 bg-ink" style={{ left: share(mark) }} />
        ))}
      </div>
      <span className="num whitespace-nowrap text-xs text-dim">{t('flood.peak', { count: peak })}</span>
    </div>
  );
}
