import { type Alarm, type AlarmPriority, priorityNumber } from '@plantroom/contracts';
import { useTranslation } from 'react-i18next';
import { type ShapeLook, type ShownState, shapeLook, shownState } from '../format/alarm-look.ts';

const outline: Record<AlarmPriority, string> = {
  critical: 'M3 3h18v18H3z',
  high: 'M12 2 22.5 21H1.5z',
  medium: 'M1.5 3h21L12 22z',
  low: 'M12 2.5a9.5 9.5 0 1 1 0 19a9.5 9.5 0 0 1 0-19z',
};
const around: Record<AlarmPriority, string> = {
  critical: 'M-1-1h26v26H-1z',
  high: 'M12-4 27.5 24h-31z',
  medium: 'M-3.5 0h31L12 28z',
  low: 'M12-1a13 13 0 1 1 0 26a13 13 0 0 1 0-26z',
};
const numberAt: Record<AlarmPriority, number> = { critical: 17, high: 19, medium: 14.5, low: 17 };
const colour: Record<AlarmPriority, string> = {
  critical: 'rgb(var(--p1))',
  high: 'rgb(var(--p2))',
  medium: 'rgb(var(--p3))',
  low: 'rgb(var(--p4))',
};

interface Props {
  priority: AlarmPriority;
  /** Left out: active and acknowledged, as in a legend or a count. */
  state?: ShownState;
  /** Pixels; left out: 18. */
  size?: number;
  /** Drawn inside another SVG at this place. */
  at?: { x: number; y: number };
}

/** Priority three ways: colour, shape, number. Flash: unacknowledged. Hollow: returned. Magenta with a letter: out of the operator's way by decision. */
export function AlarmShape({ priority, state = 'ACKED', size, at }: Props) {
  const { t } = useTranslation();
  const look: ShapeLook = shapeLook(state);
  const line = look.letter === null ? colour[priority] : 'rgb(var(--offduty))';
  const ink = look.hollow || look.letter !== null ? line : 'rgb(var(--on-alarm))';
  const label = `${t(`priority.${priority}`)} ${t(`alarmState.${state}`)}`;
  return (
    <svg
      viewBox="-4 -4 32 32"
      role="img"
      aria-label={label}
      className={`shrink-0 ${look.flash ? 'unacked' : ''}`}
      style={at === undefined ? { width: size ?? '1.4em', height: size ?? '1.4em' } : undefined}
      {...(at === undefined ? {} : { x: at.x, y: at.y, width: size ?? 18, height: size ?? 18 })}
    >
      <path
        d={outline[priority]}
        fill={look.hollow || look.letter !== null ? 'none' : line}
        stroke={line}
        strokeWidth={look.hollow ? 3 : 2}
      />
      {look.flash && (
        <path d={around[priority]} fill="none" stroke={line} strokeWidth="1.5" className="double-border" />
      )}
      <text
        x="12"
        y={numberAt[priority]}
        textAnchor="middle"
        fontSize="13"
        fontWeight="700"
        style={{ fill: ink, fontSize: 13 }}
      >
        {look.letter ?? priorityNumber[priority]}
      </text>
    </svg>
  );
}

/** The same, of an alarm. */
export function ShapeOf({
  alarm,
  size,
}: {
  alarm: Pick<Alarm, 'priority' | 'state'> & Partial<Pick<Alarm, 'testMode'>>;
  size?: number;
}) {
  return <AlarmShape priority={alarm.priority} state={shownState(alarm)} {...(size === undefined ? {} : { size })} />;
}
