import type { Point } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { useAge } from '../format/use-age.ts';
import { showValue } from '../format/value.ts';
import { useLinkState, usePointValue } from '../live/use-live.ts';
import { useOlderThan } from '../live/use-now.ts';
import { usePreferences } from '../state/preferences.ts';

/** A gateway reports an unchanged value at least this often; within it a good value without news is simply steady. */
const reportAtLeastMs = 300_000;

/** One live value with its unit; says by form and in words when it is bad, uncertain, old or no longer live. */
export function ValueCell({ point, className = '' }: { point: Point; className?: string }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const live = usePointValue(point.id);
  const link = useLinkState();
  const patienceMs = live?.quality === 'good' ? reportAtLeastMs : 0;
  const old = useOlderThan(live?.wireTimeMs, point.silenceMs === null ? null : point.silenceMs + patienceMs);
  if (live === undefined || live.quality === 'bad' || live.value === null) {
    const reason = live === undefined ? (link === 'live' ? 'none' : 'unknown') : (live.reason ?? 'unknown');
    const why = t('value.missing', { reason: t(`qualityReason.${reason}`) });
    return (
      <span
        className={`num text-dim ${className}`}
        title={why}
        data-testid="value"
        data-point={point.id}
        data-quality={live?.quality ?? 'none'}
      >
        <s aria-hidden="true" className="px-1">
          –
        </s>
        <span className="sr-only">{why}</span>
        {old && live !== undefined && <AgeText ms={live.wireTimeMs} />}
      </span>
    );
  }
  const shown = showValue(point, live.value, { yes: t('value.yes'), no: t('value.no'), language });
  const why =
    live.quality === 'uncertain'
      ? t('value.uncertain', { reason: t(`qualityReason.${live.reason ?? 'unknown'}`) })
      : undefined;
  const frozen = link === 'live' ? '' : 'frozen';
  return (
    <span
      className={`num whitespace-nowrap ${frozen} ${className}`}
      title={link === 'live' ? why : t('value.frozen')}
      data-testid="value"
      data-point={point.id}
      data-quality={live.quality}
      data-live={link === 'live'}
    >
      <span className={why === undefined ? '' : 'uncertain'}>{shown.text}</span>
      {shown.symbol !== '' && <span className="ml-1 text-xs text-faint">{shown.symbol}</span>}
      {why !== undefined && <span className="sr-only"> {why}</span>}
      {frozen !== '' && <span className="sr-only"> {t('value.frozen')}</span>}
      {old && <AgeText ms={live.wireTimeMs} />}
    </span>
  );
}

function AgeText({ ms }: { ms: number }) {
  const { t } = useTranslation();
  const text = useAge(ms);
  return <span className="ml-1 text-xs not-italic text-dim">{t('value.ago', { age: text })}</span>;
}
