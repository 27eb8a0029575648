import { useTranslation } from 'react-i18next';
import { IndicatorBar } from '../components/indicator-bar.tsx';
import { ValueCell } from '../components/value-cell.tsx';
import { mainPoints } from '../format/points.ts';
import { useLocalText } from '../state/i18n.ts';
import { MimicFrame } from './frame.tsx';
import type { MimicProps, Unit } from './unit.ts';

const most = 10;

/** Faceplate for a class without a drawing, and for devices whose class nobody has told: every value against its range. */
export function GenericMimic({ unit, children }: MimicProps) {
  return (
    <>
      {[unit, ...children].map((each) => (
        <Faceplate key={each.equipment.id} unit={each} />
      ))}
    </>
  );
}

function Faceplate({ unit }: { unit: Unit }) {
  const { t } = useTranslation();
  const text = useLocalText();
  const points = mainPoints(unit.points);
  return (
    <MimicFrame unit={unit}>
      <div className="space-y-1">
        {points.slice(0, most).map((point) => (
          <div key={point.id} className="grid grid-cols-[minmax(0,1fr)_5rem_auto] items-center gap-2">
            <span className="truncate text-dim">{text(point.name)}</span>
            <IndicatorBar point={point} className="w-full" />
            <ValueCell point={point} className="min-w-[5em] text-right" />
          </div>
        ))}
        {points.length === 0 && <p className="text-faint">{t('tile.noPoints')}</p>}
        {points.length > most && (
          <p className="text-xs text-faint">{t('tile.more', { count: points.length - most })}</p>
        )}
      </div>
    </MimicFrame>
  );
}
