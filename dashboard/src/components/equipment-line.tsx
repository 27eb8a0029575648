import type { Alarm, Equipment, Point } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { worstOf } from '../format/alarm-look.ts';
import { glancePoints } from '../format/points.ts';
import { useLocalText } from '../state/i18n.ts';
import { ShapeOf } from './alarm-shape.tsx';
import { IndicatorBar } from './indicator-bar.tsx';
import { RunGlyph, runPoint } from './run-glyph.tsx';
import { ValueCell } from './value-cell.tsx';

interface Props {
  equipment: Equipment;
  points: readonly Point[];
  alarms: readonly Alarm[];
}

/** A part or a sensor in one line: its first value and its worst alarm. */
export function EquipmentLine({ equipment, points, alarms }: Props) {
  const { t } = useTranslation();
  const text = useLocalText();
  const worst = worstOf(alarms);
  const run = runPoint(points);
  const first = glancePoints(equipment.class, points).find((point) => point.id !== run?.id) ?? run;
  return (
    <Link
      to={`/equipment/${equipment.id}`}
      className="grid min-w-0 grid-cols-[minmax(0,1fr)_3.5rem_minmax(5.5em,auto)] items-center gap-x-2 rounded border border-line bg-canvas px-2 py-1 hover:border-edge"
      data-testid="equipment-line"
      data-equipment={equipment.id}
      data-alarm-state={worst?.state ?? 'NORM'}
    >
      <span className="flex min-w-0 items-center gap-1.5">
        <RunGlyph point={run} />
        <span className="min-w-0 truncate">{text(equipment.name)}</span>
        {worst !== undefined && (
          <span className="ml-auto inline-flex" title={text(worst.guidance.name)}>
            <ShapeOf alarm={worst} />
          </span>
        )}
      </span>
      {first === undefined ? (
        <span className="col-span-2 text-right text-xs text-faint">{t('tile.noPoints')}</span>
      ) : (
        <>
          <IndicatorBar point={first} className="w-full" />
          <ValueCell point={first} className="text-right" />
        </>
      )}
    </Link>
  );
}
