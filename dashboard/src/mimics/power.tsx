import type { Point } from '@plantroom/contracts';
import { Link } from 'react-router';
import { AlarmShape } from '../components/alarm-shape.tsx';
import { worstOf } from '../format/alarm-look.ts';
import { findPoint, pointSlug } from '../format/points.ts';
import { useLocalText } from '../state/i18n.ts';
import { fitText } from './fit-text.ts';
import { MimicFrame, MimicSvg } from './frame.tsx';
import { SvgGauge, SvgValue, useNumber } from './svg-value.tsx';
import type { MimicProps, Unit } from './unit.ts';

const rowHeight = 38;
const firstRow = 150;

/** Single line: the meter or board above, its busbar, and each feeder with its load. */
export function PowerMimic({ unit, children }: MimicProps) {
  const height = children.length === 0 ? 140 : firstRow + children.length * rowHeight;
  return (
    <MimicFrame unit={unit} className={children.length === 0 ? 'col-span-full xl:col-span-2' : 'col-span-full'}>
      <MimicSvg unit={unit} viewBox={`0 0 ${children.length === 0 ? 800 : 1200} ${height}`}>
        <path d="M60 6V60" stroke="var(--pipe)" strokeWidth="4" />
        <Breaker x={60} y={34} />
        <path d={`M30 60H${children.length > 0 ? 90 : 770}`} stroke="rgb(var(--ink))" strokeWidth="6" />
        {children.length > 0 && (
          <path d={`M60 60V${firstRow + (children.length - 1) * rowHeight}`} stroke="rgb(var(--ink))" strokeWidth="6" />
        )}
        <PhaseTable unit={unit} />
        <FeederHead units={children} y={firstRow - 22} />
        {children.map((child, i) => (
          <Feeder key={child.equipment.id} unit={child} y={firstRow + i * rowHeight} />
        ))}
      </MimicSvg>
    </MimicFrame>
  );
}

function Breaker({ x, y }: { x: number; y: number }) {
  return (
    <rect
      x={x - 7}
      y={y - 7}
      width="14"
      height="14"
      fill="rgb(var(--panel))"
      stroke="rgb(var(--ink))"
      strokeWidth="2"
    />
  );
}

function PhaseTable({ unit }: { unit: Unit }) {
  const points = unit.points;
  const power = findPoint(points, 'active-power', 'power');
  return (
    <>
      <SvgGauge point={power} x={110} y={20} width={190} />
      <SvgGauge point={findPoint(points, 'power-factor')} x={110} y={90} width={190} />
      <SvgGauge
        point={findPoint(points, 'voltage-l1', 'voltage-l1-n', 'voltage-a', 'voltage')}
        x={330}
        y={20}
        width={190}
      />
      <SvgGauge point={findPoint(points, 'frequency')} x={330} y={90} width={190} />
      <SvgGauge point={findPoint(points, 'current-l1', 'current-a', 'current')} x={550} y={20} width={240} />
      <SvgGauge point={findPoint(points, 'demand', 'active-energy-import', 'energy')} x={550} y={90} width={240} />
    </>
  );
}

/** Right edges and widths of the columns of a feeder row, and the point each shows. */
const columns: readonly { x: number; width: number; slugs: readonly string[] }[] = [
  { x: 520, width: 125, slugs: ['active-power', 'power'] },
  { x: 600, width: 75, slugs: ['current-l1', 'current'] },
  { x: 680, width: 75, slugs: ['current-l2'] },
  { x: 760, width: 75, slugs: ['current-l3'] },
  { x: 900, width: 135, slugs: ['voltage-ln-average', 'voltage-l1', 'voltage'] },
  { x: 1025, width: 120, slugs: ['power-factor'] },
  { x: 1185, width: 155, slugs: ['energy-import', 'energy'] },
];

function exact(points: readonly Point[], slugs: readonly string[]): Point | undefined {
  for (const slug of slugs) {
    const found = points.find((point) => pointSlug(point) === slug);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Column heads, named by the points of the first feeder that has them. */
function FeederHead({ units, y }: { units: readonly Unit[]; y: number }) {
  const text = useLocalText();
  const all = units.flatMap((unit) => unit.points);
  return (
    <>
      {columns.map(({ x, width, slugs }) => {
        const point = exact(all, slugs);
        return (
          point !== undefined && (
            <text key={x} x={x} y={y} textAnchor="end" className="label">
              {fitText(text(point.name), width)}
            </text>
          )
        );
      })}
    </>
  );
}

function Feeder({ unit, y }: { unit: Unit; y: number }) {
  const text = useLocalText();
  const power = findPoint(unit.points, 'active-power', 'power');
  const load = useNumber(power);
  const worst = worstOf(unit.alarms);
  return (
    <Link to={`/equipment/${unit.equipment.id}`} data-equipment={unit.equipment.id}>
      <path d={`M60 ${y}H200`} stroke="var(--pipe)" strokeWidth={load !== null && load > 0 ? 4 : 2} />
      <Breaker x={120} y={y} />
      {worst !== undefined && (
        <AlarmShape priority={worst.priority} state={worst.state} at={{ x: 160, y: y - 10 }} size={20} />
      )}
      <text x={210} y={y + 5}>
        {fitText(text(unit.equipment.name), 180)}
      </text>
      {columns.map(({ x, slugs }) => (
        <SvgValue key={x} point={exact(unit.points, slugs)} x={x} y={y + 5} anchor="end" />
      ))}
    </Link>
  );
}
