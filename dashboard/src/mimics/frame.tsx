import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { AlarmShape } from '../components/alarm-shape.tsx';
import { worstOf } from '../format/alarm-look.ts';
import { useLocalText } from '../state/i18n.ts';
import type { Unit } from './unit.ts';

/** Title, worst alarm and way to the next level around every drawing. */
export function MimicFrame({
  unit,
  children,
  className = '',
}: {
  unit: Unit;
  children: ReactNode;
  className?: string;
}) {
  const text = useLocalText();
  const worst = worstOf(unit.alarms);
  return (
    <figure
      className={`m-0 rounded border border-line bg-panel p-2 ${className}`}
      data-testid="mimic"
      data-equipment={unit.equipment.id}
    >
      <figcaption className="mb-1 flex items-center gap-2">
        <Link to={`/equipment/${unit.equipment.id}`} className="min-w-0 truncate font-semibold hover:underline">
          {text(unit.equipment.name)}
        </Link>
        {worst !== undefined && (
          <span className="ml-auto inline-flex min-w-0 items-center gap-1 text-xs">
            <AlarmShape priority={worst.priority} state={worst.state} />
            <span className="truncate">{text(worst.guidance.name)}</span>
          </span>
        )}
      </figcaption>
      {children}
    </figure>
  );
}

/** The drawing itself, named after its equipment for screen readers. */
export function MimicSvg({ unit, viewBox, children }: { unit: Unit; viewBox: string; children: ReactNode }) {
  const text = useLocalText();
  // Below this width its words could not be read; on a phone the drawing is pushed sideways in its own frame.
  const minWidth = Number(viewBox.split(' ')[2]) * 0.75;
  return (
    <div className="overflow-x-auto overflow-y-hidden">
      <svg
        viewBox={viewBox}
        className="mimic w-full"
        style={{ minWidth }}
        role="img"
        aria-label={text(unit.equipment.name)}
        data-equipment={unit.equipment.id}
      >
        {children}
      </svg>
    </div>
  );
}
