import type { PointValue } from '@plantroom/contracts';
import type { RuleInput } from './condition.ts';
import { judge, type Memo, type Moment, type Sample, wakeMs } from './signal-nodes.ts';
import type { SignalPlan } from './signal-plan.ts';

/** Where the judging of a signal stands. Immutable. */
export interface SignalCore {
  /** The last moment judged; null: none yet. */
  atMs: number | null;
  operands: readonly (Sample | null)[];
  memos: readonly Memo[];
  truth: boolean | null;
}

/**
 * A rule's points on their way to one truth. Samples wait until every gateway of the rule has told everything up to their time, so that the order
 * in which they came does not matter. Immutable: the same object comes back when nothing changed.
 */
export interface Signal {
  core: SignalCore;
  /** By time, then by point. */
  waiting: readonly Sample[];
  /** As it stood each time before a source of it was away, oldest first; late data goes on from the last one that lies before it. */
  checkpoints: readonly SignalCore[];
  /** What the others told meanwhile. */
  missed: readonly Sample[];
  /** Follows late data. */
  twin: SignalCore | null;
}

/** What the signal says at a moment; the value is that of the alarm's own point. */
export type Told = Extract<RuleInput, { type: 'reading' }>;

/** More than this does not wait: a gateway that stamps far ahead must not fill the memory. */
const maxWaiting = 256;
const maxMissed = 128;
/** The backlog of the outage before may still be on its way when the next one comes. */
const maxCheckpoints = 2;

const none: readonly SignalCore[] = [];

export function initialSignal(plan: SignalPlan): Signal {
  return { core: blank(plan), waiting: [], checkpoints: none, missed: [], twin: null };
}

/** From the database: nobody has heard the points since. */
export function restoredSignal(plan: SignalPlan, core: SignalCore): Signal {
  const operands = core.operands.map((sample) => (sample === null ? null : { ...sample, usable: false }));
  return { ...initialSignal(plan), core: { ...core, operands, truth: null }, checkpoints: [core] };
}

export function accept(signal: Signal, sample: Sample): Signal {
  const { core, checkpoints, twin } = signal;
  const waiting = inserted(signal.waiting, sample);
  const missed = checkpoints.length === 0 ? signal.missed : [...signal.missed, sample].slice(-maxMissed);
  return { core, waiting, checkpoints, missed, twin };
}

/** A source of it is away, or was: from here late data goes on. Where nothing has been told since it came back, there is no other past than before. */
export function remember(signal: Signal): Signal {
  const { core, checkpoints } = signal;
  const last = checkpoints.at(-1);
  if (core.atMs === null || core === last) return signal;
  if (last !== undefined && core.operands.some((sample) => sample?.away || sample?.back)) return signal;
  return { ...signal, checkpoints: [...checkpoints, core].slice(-maxCheckpoints) };
}

/** Nearly always it is the newest. */
function inserted(waiting: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = waiting.at(-1);
  if (last === undefined) return [sample];
  if (byTime(last, sample) < 0) return [...waiting, sample];
  const others = waiting.filter((other) => byTime(other, sample) !== 0);
  const at = others.findIndex((other) => byTime(other, sample) > 0);
  return others.toSpliced(at === -1 ? others.length : at, 0, sample);
}

/** Judges everything up to this wire time. In pieces it gives the same as at once. */
export function advance(plan: SignalPlan, signal: Signal, toMs: number): { signal: Signal; told: readonly Told[] } {
  const { waiting, checkpoints, missed, twin } = signal;
  const crowded = waiting.at(-maxWaiting - 1)?.atMs ?? toMs;
  const untilMs = Math.max(toMs, crowded);
  const isAllDue = (waiting.at(-1)?.atMs ?? untilMs) <= untilMs;
  const due = isAllDue ? waiting : waiting.filter((sample) => sample.atMs <= untilMs);
  const { core, told } = run(plan, signal.core, { samples: due, toMs: untilMs, everyMoment: plan.tellsAll });
  if (core === signal.core && due.length === 0) return { signal, told };
  return { signal: { core, waiting: isAllDue ? [] : waiting.slice(due.length), checkpoints, missed, twin }, told };
}

/** What was told before it was lost still counts; from then on nobody knows. */
export function loseSample(plan: SignalPlan, before: Signal, lost: Sample): { signal: Signal; told: readonly Told[] } {
  const lastMs = before.waiting.at(-1)?.atMs ?? lost.atMs;
  const caughtUp = advance(plan, before, lastMs);
  const signal = remember(caughtUp.signal);
  const atMs = Math.max(lost.atMs, signal.core.atMs ?? 0);
  const ran = run(plan, signal.core, { samples: [{ ...lost, atMs }], toMs: atMs, everyMoment: false });
  return { signal: { ...signal, core: ran.core }, told: [...caughtUp.told, ...ran.told] };
}

/**
 * Late samples, by time. Points that bring none are as they stood then, as far as it is known; what came back later says nothing of the time
 * before. Told is every moment, also where nothing changes.
 */
export function follow(
  plan: SignalPlan,
  signal: Signal,
  late: readonly Sample[],
): { signal: Signal; told: readonly Told[] } {
  const [first] = late;
  const last = late.at(-1);
  if (first === undefined || last === undefined) return { signal, told: [] };
  const start = signal.twin ?? startOf(plan, signal, first.atMs);
  // Of an outage that nobody saw: what is told from here on is kept as behind one.
  const followed = signal.checkpoints.length > 0 ? signal : { ...signal, checkpoints: [start], missed: signal.waiting };
  const others = [...followed.missed, ...known(followed.core)].filter(
    ({ atMs, usable }) => usable && atMs > (start.atMs ?? 0) && atMs <= last.atMs,
  );
  const samples = [...late, ...others].sort(byTime);
  const { core, told } = run(plan, start, { samples, toMs: last.atMs, everyMoment: true });
  return { signal: { ...followed, twin: core }, told };
}

/** Up to when everything has to have come before the following of late data can end; null: nothing is followed. */
export function followsUntilMs({ twin, missed }: Signal): number | null {
  return twin === null ? null : Math.max(twin.atMs ?? 0, ...missed.map(({ atMs }) => atMs));
}

/** Late data has come to its end, and leads to what was told meanwhile: that, and what time alone changes until then. */
export function endFollowing(
  plan: SignalPlan,
  signal: Signal,
  untilMs: number,
): { signal: Signal; told: readonly Told[] } {
  const { twin, missed } = signal;
  if (twin === null) return { signal, told: [] };
  const samples = missed.filter(({ atMs, usable }) => usable && atMs > (twin.atMs ?? 0)).toSorted(byTime);
  const toMs = Math.max(untilMs, samples.at(-1)?.atMs ?? 0);
  const { told } = run(plan, twin, { samples, toMs, everyMoment: plan.tellsAll });
  return { signal: { ...signal, twin: null, checkpoints: none, missed: [] }, told };
}

/** No late data may come any more of the time up to which it has been judged. */
export function withoutPast({ core, waiting }: Signal): Signal {
  return { core, waiting, checkpoints: none, missed: [], twin: null };
}

/** When time alone may change it; null: never. */
export function nextWakeMs(plan: SignalPlan, { core }: Signal): number | null {
  return wakeOf(plan, core.atMs, core);
}

/** Present truth as a reading, for what late data leaves open. */
export function presentOf({ core }: Signal): Told | null {
  return core.atMs === null ? null : tell(core, core.atMs, core.truth);
}

function run(
  plan: SignalPlan,
  start: SignalCore,
  { samples, toMs, everyMoment }: { samples: readonly Sample[]; toMs: number; everyMoment: boolean },
): { core: SignalCore; told: readonly Told[] } {
  let { truth } = start;
  // Its own copy from the first moment on; in place from there.
  let moment: (Moment & { operands: (Sample | null)[] }) | null = null;
  const told: Told[] = [];
  let at = 0;
  for (;;) {
    const lastMs: number | null = moment === null ? start.atMs : moment.atMs;
    const wake = wakeOf(plan, lastMs, moment ?? start);
    const next = samples[at];
    const sampleMs: number = next === undefined ? Infinity : Math.max(next.atMs, lastMs ?? 0);
    const atMs = Math.min(wake ?? Infinity, sampleMs);
    if (atMs === Infinity || (atMs > toMs && sampleMs !== atMs)) break;
    if (moment === null) moment = { atMs, operands: start.operands.slice(), memos: start.memos.slice() };
    else moment.atMs = atMs;
    for (let sample = samples[at]; sample !== undefined && sample.atMs <= atMs; sample = samples[++at])
      moment.operands[sample.operand] = sample;
    const before = truth;
    truth = judge(plan.root, moment);
    if (truth !== before || everyMoment) told.push(tell(moment, atMs, truth));
  }
  if (moment === null) return { core: start, told };
  return { core: { atMs: moment.atMs, operands: moment.operands, memos: moment.memos, truth }, told };
}

function wakeOf(plan: SignalPlan, atMs: number | null, { memos }: Pick<SignalCore, 'memos'>): number | null {
  return atMs === null || !plan.isTimed ? null : wakeMs(plan.root, { atMs, memos });
}

function tell({ operands }: Pick<SignalCore, 'operands'>, atMs: number, truth: boolean | null): Told {
  const value: PointValue = operands[0]?.value ?? null;
  const quality = truth === null ? 'uncertain' : 'good';
  return { type: 'reading', atMs, value, quality, holds: truth };
}

/** The signal in the time of the first late sample. Where no outage is known of, judging may not have come that far yet. */
function startOf(plan: SignalPlan, { checkpoints, core }: Signal, atMs: number): SignalCore {
  if (checkpoints.length === 0 && (core.atMs ?? 0) <= atMs) return core;
  const checkpoint = checkpoints.findLast((one) => (one.atMs ?? 0) <= atMs);
  if (checkpoint !== undefined) return checkpoint;
  const then = core.operands.map((sample) => (sample?.usable && sample.atMs <= atMs ? sample : null));
  return { ...blank(plan), operands: then };
}

const known = ({ operands }: SignalCore): Sample[] => operands.filter((sample) => sample !== null);

function blank(plan: SignalPlan): SignalCore {
  return {
    atMs: null,
    operands: plan.points.map(() => null),
    memos: Array.from({ length: plan.memos }, () => ({})),
    truth: null,
  };
}

const byTime = (a: Sample, b: Sample): number => a.atMs - b.atMs || a.operand - b.operand;
