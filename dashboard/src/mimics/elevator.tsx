import { findPoint } from '../format/points.ts';
import { useLinkState } from '../live/use-live.ts';
import { MimicFrame, MimicSvg } from './frame.tsx';
import { doorOpening, shaftFloors } from './shaft.ts';
import { SvgGauge, useNumber } from './svg-value.tsx';
import type { MimicProps } from './unit.ts';

const top = 10;
const shaftHeight = 250;

/** BACnet Lift directions: 3 up, 4 down, 5 both. */
const up = [3, 5];
const down = [4, 5];

/** Shaft with the car where it is, its door and its direction. */
export function ElevatorMimic({ unit }: MimicProps) {
  const link = useLinkState();
  const floorPoint = findPoint(unit.points, 'floor');
  const floor = useNumber(floorPoint);
  const highest = useNumber(findPoint(unit.points, 'highest-floor'));
  const lowest = useNumber(findPoint(unit.points, 'lowest-floor'));
  const direction = useNumber(findPoint(unit.points, 'direction'));
  const door = useNumber(findPoint(unit.points, 'door-state'));
  const entrapped = useNumber(findPoint(unit.points, 'entrapment')) === 1;
  const floors = shaftFloors({ floor, lowest, highest });
  const step = shaftHeight / floors.length;
  const index = floor === null ? -1 : floors.indexOf(Math.round(floor));
  const carHeight = Math.min(40, Math.max(12, step - 2));
  const carY = index < 0 ? null : top + shaftHeight - (index + 0.5) * step - carHeight / 2;
  const opening = doorOpening(door);
  const labelEvery = Math.ceil(13 / step);
  return (
    <MimicFrame unit={unit}>
      <MimicSvg unit={unit} viewBox="0 0 330 270">
        <rect
          x="50"
          y={top}
          width="64"
          height={shaftHeight}
          fill="rgb(var(--canvas))"
          stroke="var(--stroke)"
          strokeWidth="2"
        />
        {floors.map((each, i) => {
          const y = top + shaftHeight - (i + 0.5) * step;
          return (
            <g key={each}>
              <path d={`M44 ${y + step / 2}H50`} stroke="var(--stroke)" />
              {i % labelEvery === 0 && (
                <text x="38" y={y + 4} textAnchor="end" className="label num">
                  {each < 0 ? `B${-each}` : each}
                </text>
              )}
            </g>
          );
        })}
        {carY !== null && (
          <g className="car" style={{ transform: `translateY(${carY}px)` }} opacity={link === 'live' ? 1 : 0.5}>
            <rect
              x="54"
              y="0"
              width="56"
              height={carHeight}
              fill="rgb(var(--raised))"
              stroke="rgb(var(--ink))"
              strokeWidth={entrapped ? 4 : 2}
            />
            {opening !== null && (
              <>
                <rect x="56" y="2" width={26 - opening * 20} height={carHeight - 4} fill="rgb(var(--faint))" />
                <rect
                  x={82 + opening * 20}
                  y="2"
                  width={26 - opening * 20}
                  height={carHeight - 4}
                  fill="rgb(var(--faint))"
                />
              </>
            )}
            {opening === null && (
              <path d={`M56 2 108 ${carHeight - 2}M108 2 56 ${carHeight - 2}`} stroke="rgb(var(--faint))" />
            )}
          </g>
        )}
        <path
          d="M122 40l10-14 10 14z"
          fill={direction !== null && up.includes(direction) ? 'rgb(var(--ink))' : 'none'}
          stroke="rgb(var(--edge))"
        />
        <path
          d="M122 50l10 14 10-14z"
          fill={direction !== null && down.includes(direction) ? 'rgb(var(--ink))' : 'none'}
          stroke="rgb(var(--edge))"
        />
        <SvgGauge
          point={floorPoint === undefined ? undefined : { ...floorPoint, range: null, limits: [] }}
          x={160}
          y={36}
          width={155}
        />
        <SvgGauge point={findPoint(unit.points, 'mode')} x={160} y={64} width={155} />
        <SvgGauge point={findPoint(unit.points, 'door-state')} x={160} y={92} width={155} />
        <SvgGauge point={findPoint(unit.points, 'car-load')} x={160} y={122} width={155} />
        <SvgGauge point={findPoint(unit.points, 'speed')} x={160} y={162} width={155} />
        <SvgGauge point={findPoint(unit.points, 'fault-code')} x={160} y={206} width={155} />
        <SvgValueRow unit={unit} />
      </MimicSvg>
    </MimicFrame>
  );
}

function SvgValueRow({ unit }: Pick<MimicProps, 'unit'>) {
  const chain = findPoint(unit.points, 'safety-chain');
  return chain === undefined ? null : <SvgGauge point={chain} x={160} y={246} width={155} />;
}
