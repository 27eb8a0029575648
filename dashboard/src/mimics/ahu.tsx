import { Link } from 'react-router';
import { AlarmShape } from '../components/alarm-shape.tsx';
import { runPoint, useRunState } from '../components/run-glyph.tsx';
import { worstOf } from '../format/alarm-look.ts';
import { findPoint } from '../format/points.ts';
import { useLocalText } from '../state/i18n.ts';
import { MimicFrame, MimicSvg } from './frame.tsx';
import { SvgGauge } from './svg-value.tsx';
import type { MimicProps, Unit } from './unit.ts';

/** Where its dampers and valves stand, below the rest; further ones begin a row of their own. */
const actuatorsAt = [20, 287, 554];
const rowHeight = 44;

/** Duct: return and outdoor air mix, pass filter and coils, and the fan drives them to the rooms. */
export function AhuMimic({ unit, children }: MimicProps) {
  const p = unit.points;
  const state = useRunState(runPoint(p));
  const runs = state === 'running';
  const flow = runs ? 3 : 1.5;
  return (
    <MimicFrame unit={unit} className="col-span-full xl:col-span-2">
      <MimicSvg unit={unit} viewBox={`0 0 800 ${270 + Math.ceil(children.length / actuatorsAt.length) * rowHeight}`}>
        <path d="M20 60H780M20 110H160V60M220 110H780M160 110H220" fill="none" stroke="var(--stroke)" strokeWidth="2" />
        <path d="M20 150H780M20 200H780" stroke="var(--stroke)" strokeWidth="2" />
        <path d="M760 175H60m12-6-12 6 12 6" stroke="var(--pipe)" strokeWidth={flow} fill="none" />
        <path d="M40 85H750m-12-6 12 6-12 6" stroke="var(--pipe)" strokeWidth={flow} fill="none" />
        <path d="M170 110V150M210 110V150" stroke="var(--stroke)" strokeWidth="2" />
        <path d="M172 146 208 114" stroke="rgb(var(--ink))" strokeWidth="3" />
        <path d="M110 64 130 106" stroke="rgb(var(--ink))" strokeWidth="3" />
        <path d="M270 62V108M276 62V108M282 62V108" stroke="var(--stroke)" strokeDasharray="3 2" />
        <rect x="340" y="62" width="44" height="46" fill="rgb(var(--raised))" stroke="var(--stroke)" />
        <path d="M344 104 380 66" stroke="var(--stroke)" />
        <rect x="410" y="62" width="44" height="46" fill="rgb(var(--raised))" stroke="var(--stroke)" />
        <path d="M414 104 450 66M414 66 450 104" stroke="var(--stroke)" />
        <circle
          cx="540"
          cy="85"
          r="21"
          fill={runs ? 'rgb(var(--ink))' : 'rgb(var(--panel))'}
          stroke="rgb(var(--ink))"
          strokeWidth="2"
          strokeDasharray={state === 'unknown' ? '4 4' : undefined}
        />
        <path
          d="M530 70 557 85 530 100z"
          fill={runs ? 'rgb(var(--panel))' : 'none'}
          stroke="rgb(var(--ink))"
          strokeWidth="1.5"
        />
        <SvgGauge point={findPoint(p, 'outdoor-temperature')} x={20} y={30} width={180} />
        <SvgGauge point={findPoint(p, 'supply-setpoint')} x={220} y={30} width={170} />
        <SvgGauge point={findPoint(p, 'supply-fan-speed')} x={410} y={30} width={180} />
        <SvgGauge point={findPoint(p, 'supply-temperature')} x={610} y={30} width={170} />
        <SvgGauge point={findPoint(p, 'exchanger-output')} x={20} y={224} width={180} />
        <SvgGauge point={findPoint(p, 'cooler-output')} x={220} y={224} width={170} />
        <SvgGauge point={findPoint(p, 'heater-output')} x={410} y={224} width={180} />
        <SvgGauge point={findPoint(p, 'extract-temperature')} x={610} y={224} width={170} />
        {children.map((part, i) => (
          <Actuator
            key={part.equipment.id}
            unit={part}
            x={actuatorsAt[i % actuatorsAt.length] ?? 0}
            y={224 + (1 + Math.floor(i / actuatorsAt.length)) * rowHeight}
          />
        ))}
      </MimicSvg>
    </MimicFrame>
  );
}

function Actuator({ unit, x, y }: { unit: Unit; x: number; y: number }) {
  const text = useLocalText();
  const worst = worstOf(unit.alarms);
  return (
    <Link to={`/equipment/${unit.equipment.id}`} data-equipment={unit.equipment.id}>
      <SvgGauge point={findPoint(unit.points, 'position')} x={x} y={y} width={226} name={text(unit.equipment.name)} />
      {worst !== undefined && (
        <AlarmShape priority={worst.priority} state={worst.state} at={{ x: x + 150, y: y - 17 }} size={22} />
      )}
    </Link>
  );
}
