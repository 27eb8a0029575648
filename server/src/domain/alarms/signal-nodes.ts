import type { AlarmCondition, PointValue } from '@plantroom/contracts';
import { conditionHolds } from './condition.ts';

/** What is known of one point that a rule looks at. */
export interface Sample {
  /** Index among the points of the rule. */
  operand: number;
  /** Wire time. */
  atMs: number;
  value: PointValue;
  usable: boolean;
  /** Its device or gateway is not there: what it does not say means nothing. */
  away?: boolean;
  /** Its source has just come back. */
  back?: boolean;
  /** Unusable only because its gateway is far behind the others of the rule. */
  behind?: boolean;
}

/** What a node of a rule remembers; each kind uses its own part. */
export interface Memo {
  holds?: boolean;
  sinceMs?: number;
  /** When the point was heard last. */
  heardMs?: number;
  /** Newest times at which a count went up, oldest first. */
  edges?: readonly number[];
  /** Values within the window and the one before it; null: nobody knows. */
  values?: readonly (readonly [atMs: number, value: number | null])[];
}

/** A rule over points as a tree. Numbers of points and memos are indexes. */
export type SignalNode =
  | { op: 'constant'; truth: boolean | null }
  | { op: 'is'; operand: number; memo: number; condition: AlarmCondition }
  | {
      op: 'apart';
      operand: number;
      memo: number;
      from: { operand: number } | { value: number };
      above: number;
      below: number;
      deadband: number;
    }
  | { op: 'differs'; operand: number; feedback: number; tolerance: number }
  | { op: 'rate'; operand: number; memo: number; rise: number; fall: number; windowMs: number; deadband: number }
  | { op: 'count'; of: SignalNode; memo: number; times: number; windowMs: number }
  | { op: 'silent'; operand: number; memo: number; afterMs: number }
  | { op: 'for'; of: SignalNode; memo: number; forMs: number }
  | { op: 'all' | 'any'; of: readonly SignalNode[] }
  | { op: 'not'; of: SignalNode };

/** The moment that is judged. `memos` is changed in place: it belongs to the judging. */
export interface Moment {
  atMs: number;
  operands: readonly (Sample | null)[];
  memos: Memo[];
}

/** A moment to go on from. */
export type Passed = Readonly<{ atMs: number; memos: readonly Memo[] }>;

/** Of a window so many values are kept at most: the last of each part of it. */
const partsOfWindow = 32;

/** Whether the node is true at the moment; null: nobody knows. All of its parts are looked at, because each remembers. */
export function judge(node: SignalNode, moment: Moment): boolean | null {
  switch (node.op) {
    case 'constant':
      return node.truth;
    case 'is': {
      const { value } = usableOf(node.operand, moment);
      const holds = conditionHolds(node.condition, value, isHeld(node.memo, moment));
      return hasDeadband(node.condition) ? remember(node.memo, moment, holds) : holds;
    }
    case 'apart': {
      const value = numberOf(node.operand, moment);
      const from = 'value' in node.from ? node.from.value : numberOf(node.from.operand, moment);
      if (value === null || from === null) return null;
      const back = isHeld(node.memo, moment) ? node.deadband : 0;
      const holds = value - from > node.above - back || from - value > node.below - back;
      return node.deadband > 0 ? remember(node.memo, moment, holds) : holds;
    }
    case 'differs': {
      const [a, b] = [numberOf(node.operand, moment), numberOf(node.feedback, moment)];
      if (a === null || b === null) return null;
      return Math.abs(a - b) > node.tolerance;
    }
    case 'rate':
      return rate(node, moment);
    case 'count':
      return count(node, moment);
    case 'silent':
      return silent(node, moment);
    case 'for': {
      const truth = judge(node.of, moment);
      const { sinceMs } = moment.memos[node.memo] ?? {};
      if (truth === null) return null;
      if (truth && sinceMs === undefined) moment.memos[node.memo] = { sinceMs: moment.atMs };
      if (!truth && sinceMs !== undefined) moment.memos[node.memo] = {};
      return truth && moment.atMs - (sinceMs ?? moment.atMs) >= node.forMs;
    }
    case 'all':
      return together(node.of, moment, false);
    case 'any':
      return together(node.of, moment, true);
    case 'not': {
      const truth = judge(node.of, moment);
      return truth === null ? null : !truth;
    }
  }
}

/** When time alone may change what the node says, later than the moment; null: never. */
export function wakeMs(node: SignalNode, moment: Passed): number | null {
  const { atMs, memos } = moment;
  const later = (ms: number | undefined): number | null => (ms !== undefined && ms > atMs ? ms : null);
  switch (node.op) {
    case 'rate': {
      const next = memos[node.memo]?.values?.find(([at]) => at + node.windowMs > atMs);
      return later(next === undefined ? undefined : next[0] + node.windowMs);
    }
    case 'count': {
      const [first] = memos[node.memo]?.edges ?? [];
      return earlier(wakeMs(node.of, moment), later(first === undefined ? undefined : first + node.windowMs));
    }
    case 'silent':
      return later((memos[node.memo]?.heardMs ?? Number.NaN) + node.afterMs);
    case 'for':
      return earlier(wakeMs(node.of, moment), later((memos[node.memo]?.sinceMs ?? Number.NaN) + node.forMs));
    case 'all':
    case 'any':
      return node.of.reduce<number | null>((first, part) => earlier(first, wakeMs(part, moment)), null);
    case 'not':
      return wakeMs(node.of, moment);
    default:
      return null;
  }
}

/** Whether `wakeMs` may ever say anything. */
export function isTimed(node: SignalNode): boolean {
  switch (node.op) {
    case 'rate':
    case 'count':
    case 'silent':
    case 'for':
      return true;
    case 'all':
    case 'any':
      return node.of.some(isTimed);
    case 'not':
      return isTimed(node.of);
    default:
      return false;
  }
}

const nothing = { value: null };

function usableOf(operand: number, { operands }: Moment): { value: PointValue } {
  const sample = operands[operand];
  return sample?.usable ? sample : nothing;
}

function numberOf(operand: number, moment: Moment): number | null {
  const { value } = usableOf(operand, moment);
  if (value === null || typeof value === 'string' || Number.isNaN(value)) return null;
  return Number(value);
}

function isHeld(memo: number, { memos }: Moment): boolean {
  return memos[memo]?.holds ?? false;
}

/** Without one, what held before says nothing, and need not be stored at each turn. */
const hasDeadband = (condition: AlarmCondition): boolean => condition.type === 'limit' && (condition.deadband ?? 0) > 0;

function remember(memo: number, moment: Moment, holds: boolean | null): boolean | null {
  if (holds !== null && holds !== isHeld(memo, moment)) moment.memos[memo] = { holds };
  return holds;
}

/** Kleene: one that decides is enough, else all must be known. */
function together(parts: readonly SignalNode[], moment: Moment, decides: boolean): boolean | null {
  let truth: boolean | null = !decides;
  for (const part of parts) {
    const one = judge(part, moment);
    if (one === decides) truth = decides;
    else if (one === null && truth !== decides) truth = null;
  }
  return truth;
}

function rate(node: Extract<SignalNode, { op: 'rate' }>, moment: Moment): boolean | null {
  const { atMs, memos } = moment;
  const memo = memos[node.memo] ?? {};
  const value = numberOf(node.operand, moment);
  const values = withValue(memo.values ?? [], { atMs, value, windowMs: node.windowMs });
  let before = -1;
  while ((values[before + 1]?.[0] ?? Infinity) <= atMs - node.windowMs) before++;
  const kept = before > 0 ? values.slice(before) : values;
  const held = memo.holds ?? false;
  const isFull = before >= 0 && kept[0]?.[1] !== null;
  // What changed by so much within a part of the window has done so within the window.
  const from = isFull ? kept[0] : kept[kept.findLastIndex(([, known]) => known === null) + 1];
  let holds: boolean | null = null;
  if (value !== null && from !== undefined && from[1] !== null) {
    const back = held ? node.deadband : 0;
    const change = value - from[1];
    holds = change >= node.rise - back || -change >= node.fall - back;
    if (!holds && !isFull) holds = null;
  }
  if (kept !== memo.values || (holds ?? held) !== held) memos[node.memo] = { values: kept, holds: holds ?? held };
  return holds;
}

function withValue(
  values: readonly (readonly [number, number | null])[],
  { atMs, value, windowMs }: { atMs: number; value: number | null; windowMs: number },
): readonly (readonly [number, number | null])[] {
  const last = values.at(-1);
  if (last !== undefined && last[1] === value) return values;
  if (last === undefined && value === null) return values;
  const part = (at: number): number => Math.floor(at / (windowMs / partsOfWindow));
  // Unknown stays as a value of its own: what came before it says nothing of what came behind it.
  const replaces =
    last !== undefined && values.length > 1 && last[1] !== null && value !== null && part(last[0]) === part(atMs);
  const kept = replaces ? values.slice(0, -1) : values.slice(-2 * partsOfWindow);
  kept.push([atMs, value]);
  return kept;
}

function count(node: Extract<SignalNode, { op: 'count' }>, moment: Moment): boolean | null {
  const { atMs, memos } = moment;
  const memo = memos[node.memo] ?? {};
  const truth = judge(node.of, moment);
  const isRise = truth === true && memo.holds === false;
  const held = memo.edges ?? [];
  let edges = isRise ? [...held, atMs].slice(-node.times) : held;
  if (edges.some((at) => at + node.windowMs <= atMs)) edges = edges.filter((at) => at + node.windowMs > atMs);
  const holds = truth ?? memo.holds;
  if (edges !== held || holds !== memo.holds) memos[node.memo] = { edges, ...(holds === undefined ? {} : { holds }) };
  if (edges.length >= node.times) return true;
  return truth === null ? null : false;
}

function silent(node: Extract<SignalNode, { op: 'silent' }>, moment: Moment): boolean | null {
  const { atMs, memos, operands } = moment;
  const sample = operands[node.operand];
  const memo = memos[node.memo];
  let heardMs = memo?.heardMs ?? atMs;
  if (sample?.usable || sample?.back) heardMs = Math.max(heardMs, sample.atMs);
  if (heardMs !== memo?.heardMs) memos[node.memo] = { heardMs };
  return sample?.away ? null : atMs - heardMs >= node.afterMs;
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || (b !== null && b < a) ? b : a;
}
