import type { AlarmDefinition, PointValue } from '@plantroom/contracts';
import { accept, advance, initialSignal, loseSample, type Signal, type Told } from '../alarms/signal.ts';
import type { Sample } from '../alarms/signal-nodes.ts';
import { planSignal, type SignalPlan } from '../alarms/signal-plan.ts';
import { testDefinition } from './definition.ts';

/** A plan over points `a` (the alarm's own), `b`, `c` … of one equipment; `absent` are delivered by nothing. */
export function testPlan(
  over: Pick<AlarmDefinition, 'condition'> & Partial<AlarmDefinition>,
  absent: readonly string[] = [],
): SignalPlan {
  const definition = testDefinition({ source: 'a', ...over });
  const plan = planSignal(definition, (path) => (absent.includes(path) ? null : path));
  if (plan === null) throw new Error('the condition needs no signal');
  return plan;
}

/** A signal with its samples in seconds. */
export class SignalRig {
  readonly plan: SignalPlan;
  signal: Signal;
  readonly told: { atS: number; holds: boolean | null | undefined; value: PointValue }[] = [];

  constructor(plan: SignalPlan) {
    this.plan = plan;
    this.signal = initialSignal(plan);
  }

  /** `value` undefined: unusable. */
  say(atS: number, point: string, value: PointValue | undefined, more: Partial<Sample> = {}): this {
    const sample = this.#sample(atS, point, value);
    this.signal = accept(this.signal, { ...sample, ...more });
    return this;
  }

  lose(atS: number, point: string, more: Partial<Sample> = {}): this {
    return this.#take(loseSample(this.plan, this.signal, { ...this.#sample(atS, point, undefined), ...more }));
  }

  to(atS: number): this {
    return this.#take(advance(this.plan, this.signal, atS * 1000));
  }

  /** As after a restart of a pure function: through JSON. */
  revive(): this {
    this.signal = JSON.parse(JSON.stringify(this.signal)) as Signal;
    return this;
  }

  /** `[second, truth]` of each change. */
  get truths(): [number, boolean | null | undefined][] {
    return this.told.map(({ atS, holds }) => [atS, holds]);
  }

  #sample(atS: number, point: string, value: PointValue | undefined): Sample {
    const operand = this.plan.points.indexOf(point);
    if (operand === -1) throw new Error(`"${point}" is no point of the plan: ${this.plan.points.join(', ')}`);
    return { operand, atMs: atS * 1000, value: value ?? null, usable: value !== undefined };
  }

  #take({ signal, told }: { signal: Signal; told: readonly Told[] }): this {
    this.signal = signal;
    for (const { atMs, holds, value } of told) this.told.push({ atS: atMs / 1000, holds, value });
    return this;
  }
}
