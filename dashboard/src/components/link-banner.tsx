import { useTranslation } from 'react-i18next';
import { clockTime } from '../format/time.ts';
import { useLinkMeta, useLinkState } from '../live/use-live.ts';
import { useTimeZone } from '../state/site.ts';
import { Icon } from './icons.tsx';

/** With the link down nothing on the page is live, and the page says so. */
export function LinkBanner() {
  return useLinkState() === 'down' ? <Down /> : null;
}

function Down() {
  const { t } = useTranslation();
  const { heardMs, clockOffsetMs } = useLinkMeta();
  const timeZone = useTimeZone();
  return (
    <div
      className="flex items-center gap-2 border-b border-edge bg-raised px-4 py-1.5 font-medium"
      role="status"
      data-testid="link-down"
    >
      <Icon name="broken" />
      {heardMs === null
        ? t('link.neverBanner')
        : t('link.downBanner', { time: clockTime(heardMs + clockOffsetMs, timeZone) })}
    </div>
  );
}

/** In the top bar: the state of the link and how old a value is when it reaches the screen. */
export function LinkIndicator() {
  const { t } = useTranslation();
  const { state, latencyMs, gaps, thinned } = useLinkMeta();
  const latency =
    latencyMs === null ? '–' : t('link.latency', { ms: latencyMs < 10_000 ? Math.round(latencyMs) : '>9999' });
  return (
    <span
      className={`num inline-flex items-center gap-1 whitespace-nowrap text-xs ${state === 'live' ? 'text-dim' : 'font-semibold text-ink'}`}
      title={t('link.details', { gaps, thinned })}
      data-testid="link"
      data-link={state}
    >
      <Icon name={state === 'live' ? 'link' : 'broken'} className="h-4 w-4" />
      {t(`link.${state}`)}
      {state === 'live' && <span className="hidden min-w-[4.5em] text-right lg:inline">{latency}</span>}
    </span>
  );
}
