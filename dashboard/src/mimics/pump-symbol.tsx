import { AlarmShape } from '../components/alarm-shape.tsx';
import { runPoint, useRunState } from '../components/run-glyph.tsx';
import { worstOf } from '../format/alarm-look.ts';
import type { Unit } from './unit.ts';

/** Circle with the impeller's triangle; running filled, stopped hollow, unknown dashed. */
export function PumpSymbol({ unit, x, y, radius = 18 }: { unit: Unit; x: number; y: number; radius?: number }) {
  const state = useRunState(runPoint(unit.points));
  const worst = worstOf(unit.alarms);
  const running = state === 'running';
  return (
    <g data-run={state}>
      <circle
        cx={x}
        cy={y}
        r={radius}
        fill={running ? 'rgb(var(--ink))' : 'rgb(var(--panel))'}
        stroke="rgb(var(--ink))"
        strokeWidth="2"
        strokeDasharray={state === 'unknown' ? '4 4' : undefined}
      />
      <path
        d={`M${x - radius * 0.45} ${y - radius * 0.65}L${x + radius * 0.8} ${y}L${x - radius * 0.45} ${y + radius * 0.65}z`}
        fill={running ? 'rgb(var(--panel))' : 'none'}
        stroke="rgb(var(--ink))"
        strokeWidth="1.5"
      />
      {worst !== undefined && (
        <AlarmShape
          priority={worst.priority}
          state={worst.state}
          at={{ x: x + radius * 0.5, y: y - radius - 12 }}
          size={22}
        />
      )}
    </g>
  );
}
