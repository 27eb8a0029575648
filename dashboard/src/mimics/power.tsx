import { findPoint } from '../format/points.ts';
import { useLocalText } from '../state/i18n.ts';
import { MimicFrame, MimicSvg } from './frame.tsx';
import { SvgGauge, SvgValue, useNumber } from './svg-value.tsx';
import type { MimicProps, Unit } from './unit.ts';

const rowHeight = 46;

/** Single line: the meter or board above, its busbar, and each feeder with its load. */
export function PowerMimic({ unit, children }: MimicProps) {
  const height = Math.max(200, 130 + children.length * rowHeight);
  return (
    <MimicFrame unit={unit} className="col-span-full xl:col-span-2">
      <MimicSvg unit={unit} viewBox={`0 0 800 ${height}`}>
        <path d="M60 6V60" stroke="var(--pipe)" strokeWidth="4" />
        <Breaker x={60} y={34} />
        <path d={`M30 60H${children.length > 0 ? 90 : 770}`} stroke="rgb(var(--ink))" strokeWidth="6" />
        {children.length > 0 && <path d={`M60 60V${height - 30}`} stroke="rgb(var(--ink))" strokeWidth="6" />}
        <PhaseTable unit={unit} />
        {children.map((child, i) => (
          <Feeder key={child.equipment.id} unit={child} y={140 + i * rowHeight} />
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
      <SvgGauge point={findPoint(points, 'current-l1', 'current-a', 'current')} x={550} y={20} width={200} />
      <SvgGauge point={findPoint(points, 'demand', 'active-energy-import', 'energy')} x={550} y={90} width={200} />
    </>
  );
}

function Feeder({ unit, y }: { unit: Unit; y: number }) {
  const text = useLocalText();
  const power = findPoint(unit.points, 'active-power', 'power');
  const load = useNumber(power);
  return (
    <a href={`/equipment/${unit.equipment.id}`} data-equipment={unit.equipment.id}>
      <path d={`M60 ${y}H200`} stroke="var(--pipe)" strokeWidth={load !== null && load > 0 ? 4 : 2} />
      <Breaker x={120} y={y} />
      <text x={210} y={y + 4}>
        {text(unit.equipment.name)}
      </text>
      <SvgGauge point={power} x={400} y={y - 4} width={190} />
      <SvgValue point={findPoint(unit.points, 'current-l1', 'current')} x={700} y={y + 4} anchor="end" />
    </a>
  );
}
