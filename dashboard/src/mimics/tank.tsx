import { Link } from 'react-router';
import { indicatorOf } from '../format/indicator.ts';
import { findPoint } from '../format/points.ts';
import { useLocalText } from '../state/i18n.ts';
import { MimicFrame, MimicSvg } from './frame.tsx';
import { PumpSymbol } from './pump-symbol.tsx';
import { SvgGauge, SvgValue, useNumber } from './svg-value.tsx';
import type { MimicProps, Unit } from './unit.ts';

const top = 20;
const depth = 170;
const pumpHeight = 56;

/** Level drawn to scale with its limits beside it, and the pumps that empty it. */
export function TankMimic({ unit, children }: MimicProps) {
  const level = findPoint(unit.points, 'level');
  const value = useNumber(level);
  const indicator = level === undefined ? null : indicatorOf(level);
  const min = 0;
  const max = indicator?.max ?? level?.range?.[1] ?? 1;
  const y = (metres: number) => top + depth - (Math.min(max, Math.max(min, metres)) / max) * depth;
  return (
    <MimicFrame unit={unit}>
      <MimicSvg unit={unit} viewBox="0 0 410 220">
        {value !== null && (
          <rect x="20" y={y(value)} width="120" height={top + depth - y(value)} fill="rgb(var(--band))" />
        )}
        {value !== null && <path d={`M20 ${y(value)}H140`} stroke="rgb(var(--ink))" strokeWidth="2" />}
        <path d={`M20 ${top}V${top + depth}H140V${top}`} fill="none" stroke="var(--stroke)" strokeWidth="3" />
        {level?.limits
          .filter((limit) => limit.enabled)
          .map((limit) => (
            <g key={limit.kind}>
              <path d={`M132 ${y(limit.limit)}H150`} stroke="rgb(var(--edge))" strokeWidth={limit.kind.length} />
              <text x="154" y={y(limit.limit) + 4} className="label num">
                {limit.kind} {limit.limit}
              </text>
            </g>
          ))}
        <SvgValue point={level} x={80} y={top + depth - 12} anchor="middle" />
        <SvgGauge point={findPoint(unit.points, 'pressure')} x={208} y={50} width={195} />
        <SvgGauge point={findPoint(unit.points, 'temperature')} x={208} y={95} width={195} />
        <SvgGauge point={findPoint(unit.points, 'level-switch-low')} x={208} y={140} width={195} />
        <SvgGauge point={findPoint(unit.points, 'level-switch-high')} x={208} y={170} width={195} />
        {children.map((pump, i) => (
          <Pump key={pump.equipment.id} unit={pump} y={50 + i * pumpHeight} />
        ))}
      </MimicSvg>
    </MimicFrame>
  );
}

function Pump({ unit, y }: { unit: Unit; y: number }) {
  const text = useLocalText();
  return (
    <Link to={`/equipment/${unit.equipment.id}`} data-equipment={unit.equipment.id}>
      <PumpSymbol unit={unit} x={240} y={y} />
      <text x={270} y={y - 4}>
        {text(unit.equipment.name)}
      </text>
      <SvgValue point={findPoint(unit.points, 'power', 'current')} x={270} y={y + 16} />
    </Link>
  );
}
