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
  /** Values shown; left out: 3. */
  count?: number;
}

/** One piece of equipment at a glance: runs or not, its main values against their normal band, its worst alarm. */
export function EquipmentTile({ equipment, points, alarms, count = 3 }: Props) {
  const { t } = useTranslation();
  const text = useLocalText();
  const worst = worstOf(alarms);
  const run = runPoint(points);
  const shown = glancePoints(equipment.class, points).filter((point) => point.id !== run?.id);
  return (
    <Link
      to={`/equipment/${equipment.id}`}
      className={`${count < 3 ? 'row-span-2' : 'row-span-3'} block min-w-0 rounded border border-line bg-canvas px-2 py-1.5 hover:border-edge`}
      data-testid="equipment-tile"
      data-equipment={equipment.id}
      data-alarm-state={worst?.state ?? 'NORM'}
    >
      <div className="flex min-h-6 items-center gap-1.5">
        <RunGlyph point={run} />
        <span className="min-w-0 flex-1 truncate font-medium">{text(equipment.name)}</span>
        {worst !== undefined && (
          <span className="inline-flex items-center gap-1" title={text(worst.guidance.name)}>
            <ShapeOf alarm={worst} />
            {alarms.length > 1 && <span className="num text-xs text-dim">×{alarms.length}</span>}
          </span>
        )}
      </div>
      {shown.length === 0 && run === undefined && <p className="text-xs text-faint">{t('tile.noPoints')}</p>}
      <div className="space-y-0.5">
        {shown.slice(0, count).map((point) => (
          <div
            key={point.id}
            className="grid min-h-5 grid-cols-[minmax(0,1fr)_3.5rem_minmax(5.5em,auto)] items-center gap-x-2"
          >
            <span className="truncate text-xs text-dim">{text(point.name)}</span>
            <IndicatorBar point={point} className="w-full" />
            <ValueCell point={point} className="text-right" />
          </div>
        ))}
      </div>
    </Link>
  );
}
