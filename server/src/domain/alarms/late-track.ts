import {
  type AlarmRule,
  delayMs,
  evaluateRule,
  isSignal,
  type RuleEdge,
  type RuleInput,
  type RuleState,
  readingHolds,
  usable,
} from './condition.ts';

/** What late data shows of a time that live data has passed over. */
export interface LateTrack {
  /** The state of the rule in the time that the late data is of. */
  state: RuleState;
  /** Where live data had left the rule; the track departed from it. */
  base: RuleState;
  /** A change whose meaning depends on how the track ends: it has been undone meanwhile, or it is what live data showed later. */
  open: RuleEdge | null;
  /** The alarm itself was raised by it: life safety does not wait for the end. */
  isAnnounced: boolean;
  /** Wire time of the last late reading. */
  lastMs: number;
}

/** What is kept beside the live state of a rule, so that late data finds the state of its own time. Immutable. */
export interface LateState {
  track: LateTrack | null;
  /** Up to here late data has been judged; what is sent again is no news. Null: none yet. */
  settledMs: number | null;
  /** Former states of the rule by the time of their last change, oldest first. */
  former: readonly RuleState[];
}

export const initialLateState: LateState = { track: null, settledMs: null, former: [] };

export type LateAct =
  /** The alarm is to be raised or returned now, with its true times. */
  | { type: 'apply'; edge: RuleEdge }
  /** Was and is over: for the journal. `sound`: the alarm stands for something later, but this is to be heard too. */
  | { type: 'historical'; edges: readonly RuleEdge[]; sound?: true }
  /** What live data has shown already happened earlier. */
  | { type: 'correct'; edge: RuleEdge };

export interface LateRule extends AlarmRule {
  lifeSafety: boolean;
}

/** The live side of a rule while late data is judged. */
export interface LiveSide {
  state: RuleState;
  /** Whether the alarm is active, by live or by late data. */
  isActive: boolean;
}

export interface LateOutcome {
  late: LateState;
  /** The live state, with the true time of its last change. The same object when that stays. */
  live: RuleState;
  acts: readonly LateAct[];
}

type LateReading = Extract<RuleInput, { type: 'reading' }>;

/** Changes of the rule that are remembered: as many as may happen live while a backlog drains, within reason. */
const maxFormer = 8;
const farAheadMs = Number.MAX_SAFE_INTEGER;

/** To be called when the live state changes for another. */
export function rememberFormer(late: LateState, before: RuleState): LateState {
  return { ...late, former: withState(late, before) };
}

/** To be called with the first live reading after its source was away: what late data leaves open ends there. */
export function rememberResumed(late: LateState, after: RuleState, atMs: number): LateState {
  return after.sinceMs === atMs ? late : { ...late, former: withState(late, { ...after, sinceMs: atMs }) };
}

/**
 * One late reading, older than the newest of its point. Late readings of a point come in the order of their times. Nothing here touches
 * what live data says of the present: late data tells what happened in between, and when the present really began.
 */
export function followLate(
  rule: LateRule,
  { late, live }: { late: LateState; live: LiveSide },
  reading: LateReading,
): LateOutcome {
  const { atMs } = reading;
  if (late.settledMs !== null && atMs <= late.settledMs) return { late, live: live.state, acts: [] };
  if (late.track !== null) {
    const next = nextOf(late, { live: live.state, base: late.track.base });
    if (next === undefined || next.sinceMs === null || atMs < next.sinceMs)
      return go(rule, { late, live }, { track: late.track, reading });
    const closed = closeLate(rule, { late, live }, null);
    const rest = followLate(rule, { late: closed.late, live: { ...live, state: closed.live } }, reading);
    return { ...rest, acts: [...closed.acts, ...rest.acts] };
  }
  const base = baseAt(late, live.state, atMs);
  const holds = readingHolds(rule.condition, reading, base.holds);
  // A delay that runs live ends live, whatever is sent again meanwhile.
  if (holds === null || (holds === base.holds && (base.holds === base.active || base === live.state)))
    return { late, live: live.state, acts: [] };
  const track: LateTrack = {
    state: { ...base, uncertain: false },
    base,
    open: null,
    isAnnounced: false,
    lastMs: atMs,
  };
  return go(rule, { late, live }, { track, reading });
}

/** Wire time up to which late data has to have come before a track can be closed. */
export function openUntilMs(late: LateState, live: RuleState): number | null {
  const { track } = late;
  return track === null ? null : (nextOf(late, { live, base: track.base })?.sinceMs ?? track.lastMs);
}

/**
 * No more late data is to be expected. `current`: the newest reading, which ends what is open where nothing is known of an earlier
 * one. The track stays open as long as nobody knows what came behind it.
 */
export function closeLate(
  rule: LateRule,
  { late, live }: { late: LateState; live: LiveSide },
  current: LateReading | null,
): LateOutcome {
  const { track } = late;
  if (track === null) return { late, live: live.state, acts: [] };
  // A live change that did not outlast its delay was never told: the late data goes on to the one behind it.
  const next = nextOf(late, { live: live.state, base: track.base }, (state) => {
    const isSame = state.holds === track.state.holds && state.holds !== track.base.holds;
    return !isSame || state === live.state || state.active === state.holds;
  });
  if (next?.holds === track.state.holds && next.holds !== track.base.holds)
    return join(rule, { late, live, track }, next);
  const behind = next === undefined ? newest(rule, track, current) : stateAsReading(rule, next, track.lastMs);
  if (behind === null || (next === undefined && isAhead(rule, track, { behind, live: live.state })))
    return { late, live: live.state, acts: [] };
  const atMs = Math.max(behind.atMs, track.lastMs);
  // The rule's own words for it: the delays run as they would have.
  const ended = evaluateRule(rule, track.state, { ...behind, atMs, quality: 'good', reason: undefined });
  const delayed = evaluateRule(rule, ended.state, { type: 'time', atMs: farAheadMs });
  const step = weigh(rule, { late, live }, { track, edges: [...ended.edges, ...delayed.edges] });
  const acts: LateAct[] = [...step.acts];
  if (step.track.open !== null) acts.push({ type: 'historical', edges: [step.track.open] });
  return { late: settled(late, delayed.state, track.lastMs), live: live.state, acts };
}

/** The newest value holds as the late data does, and the live side has not been told of it yet: it is to go on with that. */
function isAhead(
  { condition }: LateRule,
  track: LateTrack,
  { behind, live }: { behind: LateReading; live: RuleState },
): boolean {
  return track.state.holds && !live.holds && readingHolds(condition, behind, false) === true;
}

/** A value alone may say nothing of a rule over several points: then the state itself does. */
function stateAsReading(rule: LateRule, { sinceMs, value, holds }: RuleState, lastMs: number): LateReading {
  const reading: LateReading = { type: 'reading', atMs: sinceMs ?? lastMs, value, quality: 'good' };
  return isSignal(rule) ? { ...reading, holds } : reading;
}

function newest({ condition }: LateRule, track: LateTrack, current: LateReading | null): LateReading | null {
  if (current === null || current.atMs <= track.lastMs || !usable(current.quality, current.reason)) return null;
  return readingHolds(condition, current, track.state.holds) === null ? null : current;
}

function go(
  rule: LateRule,
  { late, live }: { late: LateState; live: LiveSide },
  { track, reading }: { track: LateTrack; reading: LateReading },
): LateOutcome {
  const { state, edges } = evaluateRule(rule, track.state, reading);
  const step = weigh(rule, { late, live }, { track: { ...track, state, lastMs: reading.atMs }, edges });
  const isOver = state.holds === state.active && state.active === track.base.active && step.track.open === null;
  return {
    late: isOver ? settled(late, state, reading.atMs) : { ...late, track: step.track },
    live: live.state,
    acts: step.acts,
  };
}

/**
 * What becomes of the edges of a track: two that undo each other are history. Life safety is told at once, unless live data has told of a later
 * one already: that may be the same.
 */
function weigh(
  rule: LateRule,
  { late, live }: { late: LateState; live: LiveSide },
  { track, edges }: { track: LateTrack; edges: readonly RuleEdge[] },
): { track: LateTrack; acts: readonly LateAct[] } {
  const acts: LateAct[] = [];
  let { open, isAnnounced } = track;
  let { isActive } = live;
  for (const edge of edges) {
    if (open !== null) {
      const isNews = rule.lifeSafety && open.type === 'raised';
      if (isNews && !isActive) acts.push({ type: 'apply', edge: open }, { type: 'apply', edge });
      else acts.push({ type: 'historical', edges: [open, edge], ...(isNews ? { sound: true } : {}) });
      open = null;
    } else if (edge.type === 'raised' && rule.lifeSafety && !isActive && !isToldLater({ late, live }, track)) {
      acts.push({ type: 'apply', edge });
      isAnnounced = true;
      isActive = true;
    } else if (edge.type === 'returned' && isAnnounced) {
      // Live data may have raised it once more by now, which told nobody anything: then it stands. Or returned it since: then it is over.
      if (isActive && !live.state.active) {
        acts.push({ type: 'apply', edge });
        isActive = false;
      }
      isAnnounced = false;
    } else open = edge;
  }
  return { track: { ...track, open, isAnnounced }, acts };
}

function isToldLater({ late, live }: { late: LateState; live: LiveSide }, { base }: LateTrack): boolean {
  return nextOf(late, { live: live.state, base }, ({ holds, active }) => holds && active) !== undefined;
}

/** The late data leads to what live data showed: the change is the same one, and it happened earlier. */
function join(
  rule: LateRule,
  { late, live, track }: { late: LateState; live: LiveSide; track: LateTrack },
  next: RuleState,
): LateOutcome {
  const { state, open } = track;
  const isPresent = next === live.state;
  const settledLate = isPresent
    ? { ...late, track: null, settledMs: track.lastMs }
    : settled(late, state, track.lastMs);
  const dueMs = (state.sinceMs ?? track.lastMs) + delayMs(rule, state);
  // The rule may have been within its delay when the late data ended.
  const edge: RuleEdge =
    open ??
    (state.holds
      ? { type: 'raised', onsetMs: state.sinceMs ?? track.lastMs, atMs: dueMs, value: state.value }
      : { type: 'returned', atMs: dueMs, value: state.value });
  if (!isPresent)
    return { late: settledLate, live: live.state, acts: open === null ? [] : [{ type: 'correct', edge }] };
  const isDone = state.active === state.holds;
  const moved: RuleState = { ...live.state, sinceMs: state.sinceMs, value: state.value };
  if (live.state.active === live.state.holds)
    return { late: settledLate, live: moved, acts: track.isAnnounced ? [] : [{ type: 'correct', edge }] };
  if (!isDone) return { late: settledLate, live: moved, acts: [] };
  const acts: LateAct[] = open === null ? [] : [{ type: 'apply', edge: open }];
  return { late: settledLate, live: { ...moved, active: state.holds }, acts };
}

function settled(late: LateState, state: RuleState, atMs: number): LateState {
  return { track: null, settledMs: atMs, former: withState(late, state) };
}

/** The state that the rule had at a time; before all that is remembered, it was the other one. */
function baseAt(late: LateState, live: RuleState, atMs: number): RuleState {
  const states = byTime([...late.former, live]);
  const base = states.findLast(({ sinceMs }) => sinceMs === null || sinceMs <= atMs);
  if (base !== undefined) return base;
  const [oldest = live] = states;
  return { ...oldest, holds: !oldest.holds, active: !oldest.holds, sinceMs: null, value: null };
}

/** The first live change behind the one that a track departed from. */
function nextOf(
  late: LateState,
  { live, base }: { live: RuleState; base: RuleState },
  counts: (state: RuleState) => boolean = () => true,
): RuleState | undefined {
  const since = base.sinceMs ?? Number.NEGATIVE_INFINITY;
  return byTime([...late.former, live]).find(
    (state) => state.sinceMs !== null && state.sinceMs > since && counts(state),
  );
}

function withState(late: LateState, state: RuleState): RuleState[] {
  return byTime([...late.former, state]).slice(-maxFormer);
}

function byTime(states: readonly RuleState[]): RuleState[] {
  return states.toSorted((a, b) => (a.sinceMs ?? Number.NEGATIVE_INFINITY) - (b.sinceMs ?? Number.NEGATIVE_INFINITY));
}
