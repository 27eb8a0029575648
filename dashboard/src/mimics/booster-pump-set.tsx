import { Link } from 'react-router';
import { runPoint, useRunState } from '../components/run-glyph.tsx';
import { findPoint } from '../format/points.ts';
import { useLocalText } from '../state/i18n.ts';
import { MimicFrame, MimicSvg } from './frame.tsx';
import { PumpSymbol } from './pump-symbol.tsx';
import { SvgGauge, SvgValue } from './svg-value.tsx';
import type { MimicProps, Unit } from './unit.ts';

const rowHeight = 64;

/** Inlet header, pumps in parallel, discharge header; pipe thickness says whether water moves. */
export function BoosterPumpSetMimic({ unit, children }: MimicProps) {
  const pumps = children.filter((child) => child.equipment.class === 'pump');
  const rows: readonly Unit[] = pumps.length > 0 ? pumps : [unit];
  const height = Math.max(190, rows.length * rowHeight + 30);
  const middle = height / 2;
  const setRuns = useRunState(runPoint(unit.points)) === 'running';
  const header = { y1: 20, y2: height - 20 };
  const pipe = setRuns ? 8 : 3;
  return (
    <MimicFrame unit={unit} className="col-span-full xl:col-span-2">
      <MimicSvg unit={unit} viewBox={`0 0 800 ${height}`}>
        <path d={`M20 ${middle}H220`} stroke="var(--pipe)" strokeWidth={pipe} />
        <path d={`M560 ${middle}H770m-8-6 8 6-8 6`} stroke="var(--pipe)" strokeWidth={pipe} fill="none" />
        <path
          d={`M220 ${header.y1}V${header.y2}M560 ${header.y1}V${header.y2}`}
          stroke="var(--pipe)"
          strokeWidth={Math.max(4, pipe)}
        />
        {rows.map((row, i) => (
          <PumpRow key={row.equipment.id} unit={row} y={height / 2 + (i - (rows.length - 1) / 2) * rowHeight} />
        ))}
        <SvgGauge point={findPoint(unit.points, 'inlet-pressure')} x={20} y={middle - 40} width={170} />
        <SvgGauge point={findPoint(unit.points, 'discharge-pressure')} x={590} y={middle - 64} width={185} />
        <SvgGauge point={findPoint(unit.points, 'flow')} x={590} y={middle - 26} width={185} />
        <SvgGauge point={findPoint(unit.points, 'power')} x={590} y={middle + 28} width={185} />
        <SvgGauge point={findPoint(unit.points, 'speed', 'relative-performance')} x={590} y={middle + 64} width={185} />
        <SvgGauge point={findPoint(unit.points, 'setpoint')} x={20} y={middle + 30} width={170} />
      </MimicSvg>
    </MimicFrame>
  );
}

function PumpRow({ unit, y }: { unit: Unit; y: number }) {
  const text = useLocalText();
  const runs = useRunState(runPoint(unit.points)) === 'running';
  return (
    <Link to={`/equipment/${unit.equipment.id}`} data-equipment={unit.equipment.id}>
      <path d={`M220 ${y}H560`} stroke="var(--pipe)" strokeWidth={runs ? 6 : 2} />
      <PumpSymbol unit={unit} x={300} y={y} radius={18} />
      <rect x={330} y={y - 24} width={200} height={48} fill="rgb(var(--panel))" />
      <text x={338} y={y - 6}>
        {text(unit.equipment.name)}
      </text>
      <SvgValue point={findPoint(unit.points, 'power')} x={338} y={y + 14} />
      <SvgValue point={findPoint(unit.points, 'vibration-velocity-z', 'speed', 'current')} x={430} y={y + 14} />
    </Link>
  );
}
