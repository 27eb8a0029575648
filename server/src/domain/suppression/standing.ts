import type { Alarm, AlarmDefinition } from '@plantroom/contracts';
import type { RuleState } from '../alarms/condition.ts';
import type { Standing } from './reach.ts';

/** How long an alarm waits for what may be its cause where its definition does not say. */
export const defaultCauseWaitMs = 30_000;

/** An alarm that may be a cause, as far as is known of it now. */
export interface CauseState {
  definition: AlarmDefinition;
  alarm: Alarm;
  rule: RuleState;
  /** Former states of the rule, oldest first. */
  former: readonly RuleState[];
  /** It has been raised and waits for its own cause. */
  isHeld: boolean;
  /** Wire time up to which the state of its condition is known; null: its source is away, and nothing more will be known. */
  knownMs: number | null;
  /** Time by which its delays run: wire time of its gateway, or server time. */
  nowMs: number;
}

/** What is asked about: when the condition of the suppressed alarm came, and how long it may wait. */
export interface Follower {
  onsetMs: number;
  waitMs: number;
}

/**
 * Pure: whether an alarm is the cause of what came at the follower's onset. Polls tell of one event at different times, so a cause may be seen
 * later than what follows from it, by no more than that waits. What stood longer before the cause does not follow from it.
 */
export function standingOf(cause: CauseState, settleMs: number, { onsetMs, waitMs }: Follower): Standing {
  const { alarm, rule } = cause;
  // Nobody trusts what is being worked on, and what nobody was told of hides nothing.
  if (alarm.flags.outOfService || alarm.testMode !== null) return 'not';
  const latestMs = onsetMs + waitMs;
  if (alarm.flags.active) return (alarm.onsetMs ?? 0) <= latestMs ? 'is' : 'not';
  if (isSettling(cause, settleMs) && (alarm.onsetMs ?? 0) <= latestMs && onsetMs <= (alarm.returnedMs ?? 0) + settleMs)
    return 'is';
  if (cause.isHeld || (rule.holds && !rule.uncertain)) return (rule.sinceMs ?? 0) <= latestMs ? 'may' : 'not';
  return cause.knownMs !== null && cause.knownMs < onsetMs ? 'may' : 'not';
}

/** It has returned, and what its end left behind has time to come back. */
export function isSettling({ alarm, nowMs }: CauseState, settleMs: number): boolean {
  return !alarm.flags.active && alarm.returnedMs !== null && nowMs < alarm.returnedMs + settleMs;
}

/**
 * Of an alarm that is hidden: whether the cause goes on explaining it, whenever it came. It has been looked at each second, so that something has
 * explained it all the time. Also a cause that comes back before what its end left behind had the time to.
 */
export function goesOn({ alarm, rule }: CauseState, settleMs: number): boolean {
  if (alarm.flags.outOfService || alarm.testMode !== null) return false;
  if (alarm.flags.active) return true;
  if (!rule.holds || rule.uncertain || alarm.returnedMs === null) return false;
  return (rule.sinceMs ?? 0) <= alarm.returnedMs + settleMs;
}

/** Whether its condition held at any time about the onset of a follower and its end has not settled yet; delays not counted. */
export function hasHeld(
  { rule, former, nowMs }: Pick<CauseState, 'rule' | 'former' | 'nowMs'>,
  settleMs: number,
  { onsetMs, waitMs }: Follower,
): boolean {
  if (!rule.holds && nowMs >= (rule.sinceMs ?? 0) + settleMs) return false;
  const states = [...former, rule];
  return states.some(({ holds, sinceMs }, at) => {
    if (!holds || sinceMs === null || sinceMs > onsetMs + waitMs) return false;
    const endMs = states.slice(at + 1).find((next) => !next.holds)?.sinceMs ?? null;
    return endMs === null || endMs + settleMs >= onsetMs;
  });
}
