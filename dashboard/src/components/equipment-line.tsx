import type { Alarm, Equipment, Point } from '@plantroom/contracts';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { worstOf } from '../format/alarm-look.ts';
import { indicatorOf } from '../format/indicator.ts';
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
  const barred = useMemo(() => first !== undefined && indicatorOf(first) !== null, [first]);
  return (
    <Link
      to={`/equipment/${equipment.id}`}
      className="flex min-h-8 min-w-0 items-center gap-x-2 rounded border border-line bg-canvas px-2 py-1 hover:border-edge"
      data-testid="equipment-line"
      data-equipment={equipment.id}
      data-alarm-state={worst?.state ?? 'NORM'}
    >
      <span className="flex min-w-0 grow items-center gap-1.5">
        <RunGlyph point={run} />
        <span className="min-w-0 truncate">{text(equipment.name)}</span>
        {worst !== undefined && (
          <span className="ml-auto inline-flex" title={text(worst.guidance.name)}>
            <ShapeOf alarm={worst} />
          </span>
        )}
      </span>
      {first === undefined ? (
        <span className="text-right text-xs text-faint">{t('tile.noPoints')}</span>
      ) : (
        <>
          {/* Gives way to a long name, down to a third. */}
          {barred && <IndicatorBar point={first} className="w-14 min-w-5 shrink-[99]" />}
          <ValueCell point={first} className={barred ? 'min-w-[5.5em] shrink-0 text-right' : 'shrink-0 text-right'} />
        </>
      )}
    </Link>
  );
}
