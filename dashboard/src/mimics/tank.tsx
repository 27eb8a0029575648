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
const gaugeHeight = 45;
const pumpHeight = 54;
/** Beside the vessel, from above, where there are such points. */
const beside = ['pressure', 'temperature', 'level-switch-low', 'level-switch-high'];

/** Level drawn to scale with its limits beside it, and the pumps that empty it. */
export function TankMimic({ unit, children }: MimicProps) {
  const level = findPoint(unit.points, 'level');
  const value = useNumber(level);
  const indicator = level === undefined ? null : indicatorOf(level);
  const min = 0;
  const max = indicator?.max ?? level?.range?.[1] ?? 1;
  const gauges = beside.flatMap((slug) => findPoint(unit.points, slug) ?? []);
  const pumpsFrom = 60 + gauges.length * gaugeHeight;
  const height = Math.max(220, pumpsFrom + (children.length - 1) * pumpHeight + 30);
  const y = (metres: number) => top + depth - (Math.min(max, Math.max(min, metres)) / max) * depth;
  return (
    <MimicFrame unit={unit}>
      <MimicSvg unit={unit} viewBox={`0 0 410 ${height}`}>
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
        {gauges.map((point, i) => (
          <SvgGauge key={point.id} point={point} x={208} y={50 + i * gaugeHeight} width={195} />
        ))}
        {children.map((pump, i) => (
          <Pump key={pump.equipment.id} unit={pump} y={pumpsFrom + i * pumpHeight} />
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
