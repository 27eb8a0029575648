import type {
  AlarmCondition,
  AlarmPriority,
  Chatter,
  EnabledWhen,
  PointValue,
  Quality,
  QualityReason,
} from '@plantroom/contracts';

/** The part of a definition that decides when the condition counts. */
export interface AlarmRule {
  condition: AlarmCondition;
  /** Left out: in every operating state. */
  enabledWhen?: EnabledWhen | undefined;
  /** The condition must hold this long, by wire time, before the alarm is raised. */
  onDelayMs: number;
  /** It must be gone this long before it counts as returned. */
  offDelayMs: number;
  /** Left out: however often it comes and goes. */
  chatter?: Chatter | undefined;
}

/** What a rule remembers. Immutable: the same object comes back when nothing changed, so that a caller need not store it. */
export interface RuleState {
  /** The comparison with deadband, before delays. */
  holds: boolean;
  /** Wire time of the last change of `holds`; null before the first usable value. */
  sinceMs: number | null;
  /** Value that changed `holds`. */
  value: PointValue;
  /** After delays: what the alarm machine was told last. */
  active: boolean;
  /** The source's quality is not usable: nothing is raised or returned until it is. */
  uncertain: boolean;
  /** Wire times of the last times it was raised, where chatter counts; left out: none that still count. */
  raisedMs?: readonly number[];
}

export type RuleInput =
  | {
      type: 'reading';
      atMs: number;
      value: PointValue;
      quality: Quality;
      reason?: QualityReason | undefined;
      /** What several points say together, already judged; null: nobody knows. Left out: the value is judged. */
      holds?: boolean | null;
    }
  /** Wire time has come this far and nothing else happened: the watermark of the gateway. */
  | { type: 'time'; atMs: number }
  /** The source is gone; stamped by the host, so its time says nothing about wire time. */
  | { type: 'source-lost' };

export type RuleEdge =
  /** `atMs` is onset + on-delay. */
  | { type: 'raised'; onsetMs: number; atMs: number; value: PointValue }
  | { type: 'returned'; atMs: number; value: PointValue };

export const initialRuleState: RuleState = {
  holds: false,
  sinceMs: null,
  value: null,
  active: false,
  uncertain: false,
};

const none: readonly RuleEdge[] = [];

/** Pure. Edges come in order; there are two at most (a delay that expired before the reading, and the reading's own). */
export function evaluateRule(
  rule: AlarmRule,
  state: RuleState,
  input: RuleInput,
): { state: RuleState; edges: readonly RuleEdge[] } {
  switch (input.type) {
    case 'time':
      return expire(rule, state, input.atMs);
    case 'source-lost':
      return { state: lose(state), edges: none };
    case 'reading': {
      // Late data: what is older than the last change of the condition cannot undo it.
      if (state.sinceMs !== null && input.atMs < state.sinceMs) return { state, edges: none };
      const holds = usable(input.quality, input.reason) ? readingHolds(rule.condition, input, state.holds) : null;
      // Nearly every reading: no delay runs and nothing is new.
      if (holds === state.holds && holds === state.active && state.sinceMs !== null && !state.uncertain)
        return { state, edges: none };
      const expired = expire(rule, state, input.atMs);
      if (holds === null) return { state: lose(expired.state), edges: expired.edges };
      const taken = take(expired.state, { holds, atMs: input.atMs, value: input.value });
      const own = expire(rule, taken, input.atMs);
      return { state: own.state, edges: expired.edges.length === 0 ? own.edges : [...expired.edges, ...own.edges] };
    }
  }
}

/** True when a delay is running, so that the rule must be told how time goes on. */
export function isPending(state: RuleState): boolean {
  return state.holds !== state.active && !state.uncertain;
}

/** True when the condition holds and the alarm is not raised yet. */
export function isRising(state: RuleState): boolean {
  return state.holds && !state.active;
}

/** Whether it takes more than the newest value of the alarm's own point: other points, time, or operating states. Links are judged by themselves. */
export function isSignal({ condition: { type }, enabledWhen }: Pick<AlarmRule, 'condition' | 'enabledWhen'>): boolean {
  if (type === 'offline') return false;
  return enabledWhen !== undefined || (type !== 'limit' && type !== 'off-normal' && type !== 'non-zero');
}

/** The priority of the furthest level that a value has passed; null: of none, or nobody knows. */
export function severityOf(
  condition: AlarmCondition,
  { value, quality, reason }: Pick<Extract<RuleInput, { type: 'reading' }>, 'value' | 'quality' | 'reason'>,
): AlarmPriority | null {
  if (condition.type !== 'limit' || condition.levels === undefined) return null;
  if (typeof value !== 'number' || !usable(quality, reason)) return null;
  const isHigh = condition.kind === 'H' || condition.kind === 'HH';
  const passed = condition.levels.findLast(({ limit }) => (isHigh ? value > limit : value < limit));
  return passed?.priority ?? null;
}

/** Whether the condition holds for a reading, judged already or by its value. */
export function readingHolds(
  condition: AlarmCondition,
  { value, holds }: Extract<RuleInput, { type: 'reading' }>,
  held: boolean,
): boolean | null {
  return holds === undefined ? conditionHolds(condition, value, held) : holds;
}

/**
 * Whether the condition holds for a value; null when the value says nothing about it (a text against a limit).
 * `held` widens the way back by the deadband.
 */
export function conditionHolds(condition: AlarmCondition, value: PointValue, held: boolean): boolean | null {
  if (value === null) return null;
  switch (condition.type) {
    case 'limit': {
      if (typeof value !== 'number' || Number.isNaN(value)) return null;
      const back = held ? (condition.deadband ?? 0) : 0;
      return condition.kind === 'HH' || condition.kind === 'H'
        ? value > condition.limit - back
        : value < condition.limit + back;
    }
    case 'off-normal':
      return typeof value === 'string' ? null : condition.values.includes(value);
    case 'non-zero':
      return typeof value === 'string' ? null : Number(value) !== 0;
    case 'offline':
      return typeof value === 'boolean' ? !value : null;
    // Judged as signals: one value tells nothing of them.
    case 'deviation':
    case 'rate':
    case 'mismatch':
    case 'count':
    case 'no-data':
    case 'expression':
      return null;
  }
}

// A substituted, simulated or manual value was put there on purpose and is to be judged; the other reasons mean that nobody knows.
export function usable(quality: Quality, reason: QualityReason | undefined): boolean {
  if (quality === 'good') return true;
  return quality === 'uncertain' && (reason === 'substituted' || reason === 'simulated' || reason === 'manual');
}

function lose(state: RuleState): RuleState {
  return state.uncertain ? state : { ...state, uncertain: true };
}

function take(state: RuleState, sample: { holds: boolean; atMs: number; value: PointValue }): RuleState {
  const flipped = sample.holds !== state.holds || state.sinceMs === null;
  // While the source was away nobody saw whether it stayed normal: the way back starts anew. A rise is not made to wait again.
  const restart = state.uncertain && !sample.holds && state.active;
  if (!flipped && !restart) return state.uncertain ? { ...state, uncertain: false } : state;
  return { ...state, holds: sample.holds, sinceMs: sample.atMs, value: sample.value, uncertain: false };
}

function expire(rule: AlarmRule, state: RuleState, atMs: number): { state: RuleState; edges: readonly RuleEdge[] } {
  if (!isPending(state) || state.sinceMs === null) return { state, edges: none };
  const dueMs = state.sinceMs + delayMs(rule, state);
  if (dueMs > atMs) return { state, edges: none };
  const edge: RuleEdge = state.holds
    ? { type: 'raised', onsetMs: state.sinceMs, atMs: dueMs, value: state.value }
    : { type: 'returned', atMs: dueMs, value: state.value };
  return { state: remembered(rule, { ...state, active: state.holds }, dueMs), edges: [edge] };
}

/** How long what holds, or does not any more, has to last. Of what chatters the return waits until it has been steady. */
export function delayMs(
  { onDelayMs, offDelayMs, chatter }: Pick<AlarmRule, 'onDelayMs' | 'offDelayMs' | 'chatter'>,
  { holds, raisedMs = [] }: RuleState,
): number {
  if (holds) return onDelayMs;
  const chatters = chatter !== undefined && raisedMs.length >= chatter.times;
  return chatters ? Math.max(offDelayMs, chatter.steadyMs) : offDelayMs;
}

/** Raised: once more, as far as they lie together. Steady: from the beginning. */
function remembered({ chatter }: AlarmRule, state: RuleState, atMs: number): RuleState {
  if (chatter === undefined) return state;
  const { raisedMs = [], ...rest } = state;
  if (state.active)
    return {
      ...rest,
      raisedMs: [...raisedMs.filter((ms) => ms > atMs - chatter.withinMs), atMs].slice(-chatter.times),
    };
  return raisedMs.length >= chatter.times ? rest : state;
}
