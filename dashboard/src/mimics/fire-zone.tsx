import { Link } from 'react-router';
import { mainPoints } from '../format/points.ts';
import { useLocalText } from '../state/i18n.ts';
import { fitText } from './fit-text.ts';
import { MimicFrame, MimicSvg } from './frame.tsx';
import { SvgValue } from './svg-value.tsx';
import type { MimicProps, Unit } from './unit.ts';

/** Plan tile: the panel, or a zone as its outline on the floor, with what each of its signals says. */
export function FireMimic({ unit, children }: MimicProps) {
  const units: readonly Unit[] = children.length > 0 ? [unit, ...children] : [unit];
  return (
    <MimicFrame unit={unit} className={children.length > 0 ? 'col-span-full' : ''}>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(13rem,1fr))] gap-2">
        {units.map((each) => (
          <ZoneTile key={each.equipment.id} unit={each} />
        ))}
      </div>
    </MimicFrame>
  );
}

function ZoneTile({ unit }: { unit: Unit }) {
  const text = useLocalText();
  const points = mainPoints(unit.points).slice(0, 6);
  const height = 48 + points.length * 22;
  return (
    <MimicSvg unit={unit} viewBox={`0 0 220 ${height}`}>
      <Link to={`/equipment/${unit.equipment.id}`}>
        <path
          d={`M4 4H216V${height - 4}H4zM4 34H216`}
          fill="rgb(var(--canvas))"
          stroke="var(--stroke)"
          strokeWidth="2"
        />
        <text x="14" y="26" fontWeight="600">
          {text(unit.equipment.name)}
        </text>
        {points.map((point, i) => (
          <g key={point.id}>
            <text x="14" y={54 + i * 22} className="label">
              {fitText(text(point.name), 130)}
            </text>
            <SvgValue point={point} x={206} y={54 + i * 22} anchor="end" />
          </g>
        ))}
      </Link>
    </MimicSvg>
  );
}
