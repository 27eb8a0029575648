import { systems } from '@plantroom/contracts';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, Outlet, useLocation, useNavigate } from 'react-router';
import { useSites } from '../api/queries.ts';
import { useLocalText } from '../state/i18n.ts';
import { useSystemName } from '../state/names.ts';
import { useSite } from '../state/site.ts';
import { AlarmCounts } from './alarm-counts.tsx';
import { AlarmSounds } from './alarm-sounds.tsx';
import { FloodBand } from './flood-banner.tsx';
import { Icon, type IconName } from './icons.tsx';
import { LifeSafetyBand } from './life-safety-band.tsx';
import { LinkBanner, LinkIndicator } from './link-banner.tsx';
import { PageGuard } from './page-guard.tsx';
import { Palette } from './palette.tsx';
import { Skeleton } from './states.tsx';
import { TestModeBand } from './test-mode-band.tsx';
import { UserMenu } from './user-menu.tsx';
import { ViewSwitches } from './view-switches.tsx';

interface RailItem {
  to: string;
  icon: IconName;
  label: string;
  end?: boolean;
}

const railClass = ({ isActive }: { isActive: boolean }) =>
  `flex flex-col items-center gap-0.5 rounded px-1 py-2 text-center text-xs leading-tight hover:bg-raised hover:text-ink ${isActive ? 'bg-raised font-semibold text-ink' : 'text-dim'}`;

export function Frame() {
  const { t } = useTranslation();
  const systemName = useSystemName();
  const site = useSite();
  const { pathname } = useLocation();
  const [palette, setPalette] = useState(false);
  const base = site === undefined ? '' : `/sites/${site.id}`;
  const overview: RailItem = { to: base === '' ? '/' : base, icon: 'overview', label: t('nav.overview'), end: true };
  const lists: RailItem[] = [
    { to: '/alarms', icon: 'alarms', label: t('nav.alarms') },
    { to: '/work-orders', icon: 'orders', label: t('nav.orders') },
    { to: '/devices', icon: 'devices', label: t('nav.devices') },
  ];
  const bySystem: RailItem[] = systems.map((system) => ({
    to: `${base}/systems/${system}`,
    icon: system,
    label: systemName(system),
  }));
  return (
    <div className="flex h-dvh flex-col">
      <AlarmSounds />
      <LifeSafetyBand />
      <TestModeBand />
      <header
        className="flex h-12 shrink-0 items-center gap-2 border-b border-line bg-panel px-2 md:gap-3 md:px-3"
        data-testid="top-bar"
      >
        <span className="hidden min-w-16 text-center font-semibold md:block">{t('app.short')}</span>
        <SiteChoice />
        <div className="ml-auto" />
        <AlarmCounts />
        <LinkIndicator />
        <button
          type="button"
          className="button button-flat hidden px-2 text-dim md:inline-flex"
          onClick={() => setPalette(true)}
          title={t('palette.open')}
          aria-label={t('palette.open')}
        >
          <Icon name="search" />
          <kbd className="hidden text-xs lg:inline">Ctrl K</kbd>
        </button>
        <div className="hidden md:block">
          <ViewSwitches />
        </div>
        <UserMenu onSearch={() => setPalette(true)} />
      </header>
      <LinkBanner />
      {pathname !== '/alarms' && <FloodBand />}
      <div className="flex min-h-0 flex-1">
        <nav
          className="hidden w-[5.5rem] shrink-0 flex-col gap-0.5 overflow-y-auto border-r border-line bg-panel p-1.5 md:flex"
          aria-label={t('nav.systems')}
          data-testid="rail"
        >
          {[overview, ...bySystem].map((item) => (
            <RailLink key={item.to} item={item} />
          ))}
          <hr className="my-1 border-line" />
          {lists.map((item) => (
            <RailLink key={item.to} item={item} />
          ))}
        </nav>
        <Suspense fallback={<Skeleton rows={8} className="flex-1 p-4" />}>
          <PageGuard>
            <Outlet />
          </PageGuard>
        </Suspense>
      </div>
      <nav
        className="flex shrink-0 border-t border-line bg-panel pb-[env(safe-area-inset-bottom)] md:hidden"
        aria-label={t('nav.main')}
        data-testid="bottom-nav"
      >
        {[overview, ...lists].map((item) => (
          <NavLink
            key={item.to}
            to={item.to}
            end={item.end ?? false}
            className={(state) => `${railClass(state)} min-h-[52px] flex-1 rounded-none`}
          >
            <Icon name={item.icon} />
            {item.label}
          </NavLink>
        ))}
      </nav>
      <Palette open={palette} onOpen={() => setPalette(true)} onClose={() => setPalette(false)} />
    </div>
  );
}

function RailLink({ item }: { item: RailItem }) {
  return (
    <NavLink to={item.to} end={item.end ?? false} className={railClass}>
      <Icon name={item.icon} className="h-6 w-6" />
      {item.label}
    </NavLink>
  );
}

function SiteChoice() {
  const { t } = useTranslation();
  const text = useLocalText();
  const sites = useSites().data ?? [];
  const site = useSite();
  const navigate = useNavigate();
  if (site === undefined) return <span className="text-dim">{t('site.none')}</span>;
  if (sites.length === 1) return <span className="min-w-0 truncate font-medium">{text(site.name)}</span>;
  return (
    <select
      className="min-h-9 min-w-0 max-w-[40vw] truncate rounded border border-line bg-panel px-1 font-medium"
      aria-label={t('site.choose')}
      value={site.id}
      onChange={(event) => void navigate(`/sites/${event.target.value}`)}
    >
      {sites.map((each) => (
        <option key={each.id} value={each.id}>
          {text(each.name)}
        </option>
      ))}
    </select>
  );
}
