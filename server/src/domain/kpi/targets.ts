import type { AlarmKpi, AlarmKpiId, AlarmKpiVerdict, AlarmPriority } from '@plantroom/contracts';

interface Aim {
  unit: AlarmKpi['unit'];
  target?: number;
  maximum?: number;
  below?: true;
}

const reported = (unit: AlarmKpi['unit']): Aim => ({ unit });

/** For one operating position, from EEMUA 191 and ISA-18.2 / IEC 62682 as they are quoted; rates are averages over the period. */
const aims: Record<AlarmKpiId, Aim> = {
  'alarms-per-day': { unit: 'count', target: 150, maximum: 300 },
  'alarms-per-hour': { unit: 'count', target: 6, maximum: 12 },
  'alarms-per-10-min': { unit: 'count', target: 1, maximum: 2 },
  'peak-10-min': { unit: 'count', target: 10 },
  'flood-share': { unit: 'share', target: 0.01, below: true },
  floods: reported('count'),
  'longest-flood': reported('ms'),
  'hours-over-30': { unit: 'share', target: 0.01, below: true },
  'top-10-share': { unit: 'share', target: 0.01, maximum: 0.05 },
  chattering: { unit: 'count', target: 0 },
  fleeting: { unit: 'count', target: 0 },
  stale: { unit: 'count', target: 5, below: true },
  'acknowledge-median': reported('ms'),
  'acknowledge-p95': reported('ms'),
  unacknowledged: reported('count'),
  shelved: reported('count'),
  'shelved-time': reported('ms'),
  'out-of-service': reported('count'),
  'out-of-service-time': reported('ms'),
  'out-of-service-without-order': { unit: 'count', target: 0 },
  'unauthorised-changes': { unit: 'count', target: 0, maximum: 0 },
  're-alarms': reported('count'),
};

export function judged(id: AlarmKpiId, value: number | null): AlarmKpi {
  const { unit, target = null, maximum = null, below = false } = aims[id];
  return { id, value, unit, target, maximum, below, verdict: verdictOf(value, { target, maximum, below }) };
}

function verdictOf(
  value: number | null,
  { target, maximum, below }: Pick<AlarmKpi, 'target' | 'maximum' | 'below'>,
): AlarmKpiVerdict {
  if (value === null) return 'no-data';
  if (target === null) return 'reported';
  if (below ? value < target : value <= target) return 'on-target';
  return maximum !== null && value <= maximum ? 'manageable' : 'over';
}

/** About 80 % low, 15 % medium, 5 % high; of four priorities less than 1 % critical. */
export const priorityTargets: Record<AlarmPriority, number> = { critical: 0.01, high: 0.05, medium: 0.15, low: 0.8 };

export function priorityVerdict(priority: AlarmPriority, count: number, total: number): AlarmKpiVerdict {
  if (total === 0) return 'no-data';
  const share = count / total;
  const target = priorityTargets[priority];
  return (priority === 'low' ? share >= target : share <= target) ? 'on-target' : 'over';
}
