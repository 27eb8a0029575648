import type { NotificationPolicy, PolicyTarget } from '@plantroom/contracts';

export interface Rung {
  index: number;
  /** After the call was opened. */
  afterMs: number;
  targets: readonly PolicyTarget[];
  /** The last step once more. */
  repeated: boolean;
}

export interface Climb {
  rungs: Rung[];
  /** The rung that is next, and when; null: the ladder is at its end. */
  rung: number;
  nextMs: number | null;
}

const minuteMs = 60_000;
/** Nobody may leave an alarm about life unanswered, whatever a policy says of repeating. */
const lifeSafetyRepeatMinutes = 5;

/** Null: the ladder has no such rung. */
export function rungOf(policy: NotificationPolicy, index: number, lifeSafety: boolean): Rung | null {
  const step = policy.steps[index];
  if (step !== undefined) {
    return { index, afterMs: step.afterMinutes * minuteMs, targets: step.targets, repeated: false };
  }
  const last = policy.steps.at(-1);
  const times = lifeSafety ? null : (policy.repeat?.times ?? null);
  const everyMinutes = policy.repeat?.everyMinutes ?? (lifeSafety ? lifeSafetyRepeatMinutes : null);
  const count = index - policy.steps.length + 1;
  if (last === undefined || everyMinutes === null || (times !== null && count > times)) return null;
  return {
    index,
    afterMs: (last.afterMinutes + count * everyMinutes) * minuteMs,
    targets: last.targets,
    repeated: true,
  };
}

/** Whether it goes on until somebody acknowledges. */
export function isEndless(policy: NotificationPolicy, lifeSafety: boolean): boolean {
  return lifeSafety || (policy.repeat !== null && policy.repeat.times === null);
}

/**
 * What is due by now, in order. After a stop each step that fell due meanwhile is climbed, but of repetitions only the last: nobody gains by
 * hearing the same ten times. A step that reaches nobody (`reaches`) does not hold up the next one.
 */
export function climb(
  policy: NotificationPolicy,
  call: { rung: number; openedMs: number; lifeSafety: boolean },
  { nowMs, reaches }: { nowMs: number; reaches: (rung: Rung) => boolean },
): Climb {
  const rungs: Rung[] = [];
  let index = call.rung;
  let haste = false;
  for (;;) {
    const rung = rungOf(policy, index, call.lifeSafety);
    if (rung === null) return { rungs, rung: index, nextMs: null };
    const dueMs = call.openedMs + rung.afterMs;
    if (dueMs > nowMs && !(haste && !rung.repeated)) return { rungs, rung: index, nextMs: dueMs };
    if (rung.repeated && rungs.at(-1)?.repeated === true) rungs.pop();
    rungs.push(rung);
    if (!rung.repeated) haste = !reaches(rung);
    index += 1;
  }
}
