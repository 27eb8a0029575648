import type { NotificationPolicy, PolicyMatch } from '@plantroom/contracts';
import type { AlarmFacts } from './alarm-facts.ts';

type Matched = Pick<AlarmFacts, 'site' | 'system' | 'class' | 'equipment' | 'priority' | 'lifeSafety'>;

/** All that match apply: a policy for one building never takes an alarm away from one for all. */
export function policiesFor(policies: Iterable<NotificationPolicy>, alarm: Matched): NotificationPolicy[] {
  return [...policies].filter((policy) => policy.enabled && matches(policy.match, alarm));
}

function matches(match: PolicyMatch, alarm: Matched): boolean {
  return (
    isIn(match.sites, alarm.site) &&
    isIn(match.systems, alarm.system) &&
    isIn(match.classes, alarm.class) &&
    isIn(match.equipment, alarm.equipment) &&
    isIn(match.priorities, alarm.priority) &&
    (match.lifeSafety === undefined || match.lifeSafety === alarm.lifeSafety)
  );
}

function isIn<T>(allowed: readonly T[] | undefined, value: T | null): boolean {
  return allowed === undefined || allowed.length === 0 || (value !== null && allowed.includes(value));
}
