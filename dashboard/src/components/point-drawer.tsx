import type { Point } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { dateTimeSeconds } from '../format/time.ts';
import { useAge } from '../format/use-age.ts';
import { displayUnit, formatNumber } from '../format/value.ts';
import { usePointValue } from '../live/use-live.ts';
import { useLocalText } from '../state/i18n.ts';
import { usePermissions } from '../state/permissions.ts';
import { AlarmShape } from './alarm-shape.tsx';
import { CommandPanel } from './command-panel.tsx';
import { DerivedMark } from './derived-mark.tsx';
import { Drawer, Fact } from './drawer.tsx';
import { IndicatorBar } from './indicator-bar.tsx';
import { LimitForm } from './limit-form.tsx';
import { ValueCell } from './value-cell.tsx';

interface Props {
  point: Point;
  timeZone: string;
  onClose: () => void;
}

/** Level 4: one point, its value with quality and time, its limits, and the form to set one. */
export function PointDrawer({ point, timeZone, onClose }: Props) {
  const { t } = useTranslation();
  const text = useLocalText();
  const live = usePointValue(point.id);
  const { limits: mayLimit } = usePermissions();
  const numeric = point.kind === 'number' || point.kind === 'counter';
  const unit = displayUnit(point);
  return (
    <Drawer title={text(point.name)} onClose={onClose} testId="point-drawer">
      <div className="text-2xl font-semibold">
        <ValueCell point={point} />
      </div>
      <DerivedMark point={point} />
      <IndicatorBar point={point} className="w-full" />
      <dl className="grid grid-cols-2 gap-3">
        <Fact label={t('point.quality')}>
          {live === undefined ? t('qualityReason.none') : t(`quality.${live.quality}`)}
          {live?.reason != null && ` · ${t(`qualityReason.${live.reason}`)}`}
        </Fact>
        <Fact label={t('point.time')}>
          {live === undefined ? (
            '–'
          ) : (
            <span className="num">
              {dateTimeSeconds(live.wireTimeMs, timeZone)} · <Age ms={live.wireTimeMs} />
            </span>
          )}
        </Fact>
        <Fact label={t('point.silence')}>
          {point.silenceMs === null ? '–' : t('point.seconds', { count: Math.round(point.silenceMs / 1000) })}
        </Fact>
        <Fact label={t('point.range')}>
          {point.range === null
            ? '–'
            : `${formatNumber(point.range[0] * unit.factor, unit.precision ?? point.precision)} … ${formatNumber(point.range[1] * unit.factor, unit.precision ?? point.precision)} ${unit.symbol}`}
        </Fact>
        <Fact label={t('point.id')}>
          <code className="text-xs">{point.id}</code>
        </Fact>
        <Fact label={t('point.lane')}>{t(`lane.${point.lane}`)}</Fact>
      </dl>
      {point.write !== null && <CommandPanel key={point.id} point={point} write={point.write} timeZone={timeZone} />}
      <section>
        <h3 className="mb-1 font-semibold">{t('point.limits')}</h3>
        {point.limits.length === 0 ? (
          <p className="text-faint">{t('point.noLimits')}</p>
        ) : (
          <table className="num w-full text-left">
            <tbody>
              {point.limits.map((limit) => (
                <tr
                  key={limit.alarm}
                  className={`border-t border-line ${limit.enabled ? '' : 'text-faint line-through'}`}
                  data-testid="limit-row"
                  data-kind={limit.kind}
                >
                  <td className="py-1">
                    <AlarmShape priority={limit.priority} />
                  </td>
                  <td>{limit.kind}</td>
                  <td className="text-right">
                    {formatNumber(limit.limit * unit.factor, Math.max(unit.precision ?? point.precision, 0))}{' '}
                    {unit.symbol}
                  </td>
                  <td className="text-right text-xs text-dim">
                    {t('limit.delays', { on: limit.onDelayMs / 1000, off: limit.offDelayMs / 1000 })}
                  </td>
                  <td className="text-right text-xs text-dim">{t(`origin.${limit.origin}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      {numeric && (
        <section className="border-t border-line pt-3">
          <h3 className="mb-2 font-semibold">{t('limit.set')}</h3>
          {mayLimit ? <LimitForm key={point.id} point={point} /> : <p className="text-faint">{t('limit.forbidden')}</p>}
        </section>
      )}
    </Drawer>
  );
}

function Age({ ms }: { ms: number }) {
  return <>{useAge(ms)}</>;
}
