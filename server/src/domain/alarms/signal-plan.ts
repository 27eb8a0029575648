import type { AlarmCondition, AlarmDefinition, AlarmExpression, Comparison } from '@plantroom/contracts';
import { isSignal } from './condition.ts';
import { isTimed, type SignalNode } from './signal-nodes.ts';

/** A rule over several points, over time or within operating states, ready to be judged. */
export interface SignalPlan {
  /** Point ids; the first is the alarm's own. */
  points: readonly string[];
  root: SignalNode;
  memos: number;
  /** Told at every moment, not only at changes: further levels of the limit ask for each value. */
  tellsAll: boolean;
  /** Whether time alone may change what it says. */
  isTimed: boolean;
  /** Two plans with the same key remember the same things. */
  key: string;
}

/** Finds a point by its path from the equipment of an alarm. Null: nothing delivers it. */
export type FindPoint = (path: string) => string | null;

type Planned = Pick<AlarmDefinition, 'source' | 'condition' | 'enabledWhen'>;

/** Null: the condition is judged by the newest value of its own point alone. */
export function planSignal(definition: Planned, find: FindPoint): SignalPlan | null {
  const { condition, enabledWhen } = definition;
  if (!isSignal(definition)) return null;
  const planner = new Planner(definition.source, find);
  const gate =
    enabledWhen === undefined ? null : planner.held(planner.expression(enabledWhen.when), enabledWhen.forMs ?? 0);
  const judged = planner.condition(condition, gate);
  const root: SignalNode = gate === null ? judged : { op: 'all', of: [gate, judged] };
  const { points, memos } = planner;
  const tellsAll = condition.type === 'limit' && condition.levels !== undefined;
  return { points, root, memos, tellsAll, isTimed: isTimed(root), key: JSON.stringify([points, root]) };
}

class Planner {
  readonly points: string[];
  memos = 0;
  readonly #find: FindPoint;

  constructor(source: string, find: FindPoint) {
    this.points = [source];
    this.#find = find;
  }

  held(of: SignalNode, forMs: number): SignalNode {
    return forMs === 0 ? of : { op: 'for', of, memo: this.memos++, forMs };
  }

  condition(condition: AlarmCondition, gate: SignalNode | null): SignalNode {
    const memo = this.memos++;
    switch (condition.type) {
      case 'limit':
      case 'off-normal':
      case 'non-zero':
      case 'offline':
        return { op: 'is', operand: 0, memo, condition };
      case 'deviation': {
        const { from, above = Infinity, below = Infinity, deadband = 0 } = condition;
        const setpoint = typeof from === 'number' ? { value: from } : this.#operand(from);
        if (setpoint === null) return unknown;
        const base = typeof setpoint === 'number' ? { operand: setpoint } : setpoint;
        return { op: 'apart', operand: 0, memo, from: base, above: finite(above), below: finite(below), deadband };
      }
      case 'rate': {
        const { rise = Infinity, fall = Infinity, windowMs, deadband = 0 } = condition;
        return { op: 'rate', operand: 0, memo, rise: finite(rise), fall: finite(fall), windowMs, deadband };
      }
      case 'mismatch': {
        const feedback = this.#operand(condition.feedback);
        if (feedback === null) return unknown;
        return { op: 'differs', operand: 0, feedback, tolerance: condition.tolerance ?? 0 };
      }
      case 'count': {
        const compared = this.expression(condition.of);
        // What happens outside of its operating states does not count.
        const of: SignalNode = gate === null ? compared : { op: 'all', of: [gate, compared] };
        return { op: 'count', of, memo, times: condition.times, windowMs: condition.windowMs };
      }
      case 'no-data':
        return { op: 'silent', operand: 0, memo, afterMs: condition.afterMs };
      case 'expression':
        return this.expression(condition.when);
    }
  }

  expression(of: AlarmExpression): SignalNode {
    if (of.allOf !== undefined) return { op: 'all', of: of.allOf.map((part) => this.expression(part)) };
    if (of.anyOf !== undefined) return { op: 'any', of: of.anyOf.map((part) => this.expression(part)) };
    if (of.not !== undefined) return { op: 'not', of: this.expression(of.not) };
    return this.#comparison(of);
  }

  #comparison(of: Comparison): SignalNode {
    const operand = of.point === undefined ? 0 : this.#operand(of.point);
    if (operand === null) return { op: 'constant', truth: of.ifAbsent ?? null };
    return { op: 'is', operand, memo: this.memos++, condition: comparedBy(of) };
  }

  #operand(path: string): number | null {
    const point = this.#find(path);
    if (point === null) return null;
    const at = this.points.indexOf(point);
    return at === -1 ? this.points.push(point) - 1 : at;
  }
}

const unknown: SignalNode = { op: 'constant', truth: null };

/** JSON has no infinity, and the key of a plan is JSON. */
const finite = (limit: number): number => Math.min(limit, Number.MAX_VALUE);

function comparedBy({ above, below, is, deadband }: Comparison): AlarmCondition {
  if (is !== undefined) return { type: 'off-normal', values: is };
  const back = deadband === undefined ? {} : { deadband };
  return above === undefined
    ? { type: 'limit', kind: 'L', limit: below ?? Number.NaN, ...back }
    : { type: 'limit', kind: 'H', limit: above, ...back };
}
