import type { CurrentValues } from '../current/current-values.ts';
import { isRising } from '../domain/alarms/condition.ts';
import { nextDue } from '../domain/alarms/due.ts';
import type { TestBook } from '../domain/test-modes/test-book.ts';
import type { EngineInput } from './engine-input.ts';
import { type LateData, resume } from './evaluate-late.ts';
import {
  advanceSignal,
  bringBackSample,
  refreshSample,
  type SignalClock,
  seedSignal,
  takeSample,
} from './evaluate-signal.ts';
import type { LifeSafetyWatch } from './life-safety-watch.ts';
import type { Plant } from './plant.ts';
import { passQuietly } from './quiet-pass.ts';
import type { RuleBook, RuleEntry } from './rule-book.ts';
import { feedsOf } from './rule-feeds.ts';
import { expireTestModes } from './test-desk.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import { supervise } from './watchdog.ts';

export interface RuleSources {
  book: RuleBook;
  plant: Plant;
  tests: TestBook;
  current: CurrentValues;
  late: LateData;
  clock: SignalClock;
  watch: LifeSafetyWatch;
}

/** Runs one input of the field through the rules that it concerns. */
export function evaluateInput(work: UnitOfWork, input: EngineInput, sources: RuleSources): void {
  const { book, plant, current, late } = sources;
  switch (input.type) {
    case 'readings':
      for (const { point, wireTimeMs: atMs, value, quality, reason } of input.readings) {
        for (const entry of book.of(point)) {
          if (entry.plan !== null) {
            const known = { atMs, value, quality, reason };
            if (!passQuietly(work, entry, { point, known }, sources)) takeSample(work, entry, point, known, plant);
            continue;
          }
          work.evaluate(entry, { type: 'reading', atMs, value, quality, reason });
          // One that is unusable says nothing of its time.
          if (entry.isResuming && !work.view(entry).state.uncertain) resume(work, entry, atMs);
        }
      }
      return;
    case 'late':
      late.evaluate(work, input, sources);
      return;
    case 'refresh':
      for (const point of input.points)
        for (const entry of book.of(point))
          if (entry.plan === null) refreshEntry(work, entry, current);
          else refreshSample(work, entry, point, sources);
      return;
    case 'complete':
      late.complete(input.gateway);
      return;
    case 'watermark':
      sources.clock.watermark(input.gateway, input.atMs);
      // Late data ends only behind what live data has shown.
      for (const entry of awaiting(work, input, sources)) advanceSignal(work, entry, sources);
      late.watermark(work, input, sources);
      for (const entry of pending(work, book)) {
        if (entry.plan !== null) continue;
        if (plant.points.get(entry.definition.source)?.gateway === input.gateway) {
          work.evaluate(entry, { type: 'time', atMs: input.atMs });
        }
      }
      return;
    case 'system':
      setLink(work, book.of(input.source), input.fails);
      return;
    case 'broker':
      sources.watch.hasBroker = input.isThere;
      setLink(work, book.of(input.source), input.isThere);
      return;
    case 'tick':
      late.tick(work, sources);
      supervise(work, sources);
      for (const entry of pending(work, book)) {
        if (entry.definition.condition.type === 'offline') work.evaluate(entry, { type: 'time', atMs: work.nowMs });
      }
      for (const entry of book.timed()) passTime(work, entry);
      expireTestModes(work, sources.tests.due(work.nowMs), sources);
      return;
    default:
      return;
  }
}

/**
 * Takes inputs that no rule waits for, as nearly all watermarks and receipts are: there is nothing to build or to commit. False: nothing has
 * been taken, some of them have to be evaluated.
 */
export function passOver(inputs: readonly EngineInput[], { book, late, clock }: RuleSources): boolean {
  const isCalm = [book.pending(), book.followed(), book.held(), book.suppressed()].every(({ size }) => size === 0);
  const passes = (input: EngineInput): boolean =>
    input.type === 'complete' ||
    (input.type === 'watermark' &&
      isCalm &&
      !book.isAwaiting(input.gateway, input.atMs) &&
      !late.mayForget(input, book));
  if (!inputs.every(passes)) return false;
  for (const input of inputs) {
    if (input.type === 'complete') late.complete(input.gateway);
    else if (input.type === 'watermark') clock.watermark(input.gateway, input.atMs);
  }
  return true;
}

/** Looks at a rule anew that is new or has been changed. `watermarkMs`: that of the gateway of its own point. */
export function lookAnew(work: UnitOfWork, entry: RuleEntry, sources: RuleSources, watermarkMs: number | null): void {
  if (entry.plan === null) refreshEntry(work, entry, sources.current, watermarkMs);
  else {
    seedSignal(work, entry, sources);
    advanceSignal(work, entry, sources);
  }
}

/** Looks at the newest value again; `notBeforeMs`: the time up to which its gateway has told everything. */
function refreshEntry(
  work: UnitOfWork,
  entry: RuleEntry,
  current: CurrentValues,
  notBeforeMs: number | null = null,
): void {
  const held = current.get(entry.definition.source);
  if (held === undefined) return;
  const { value, quality, reason } = held;
  work.evaluate(entry, { type: 'reading', atMs: Math.max(held.wireTimeMs, notBeforeMs ?? 0), value, quality, reason });
}

/**
 * The source of the entry has been born again. What happened since it was heard last is told behind the birth, as late data: a birth that is normal
 * must not end a delay that ran.
 */
export function bringBack(work: UnitOfWork, entry: RuleEntry, point: string, sources: RuleSources): void {
  sources.book.resume(entry);
  if (isRising(work.view(entry).state)) work.evaluate(entry, { type: 'source-lost' });
  if (entry.plan === null) refreshEntry(work, entry, sources.current);
  else bringBackSample(work, entry, point, sources);
}

/** Link alarms run on server time: a birth may be stamped by a gateway whose clock is off, and the server's own may step back. */
export function setLink(work: UnitOfWork, entries: readonly RuleEntry[], value: boolean): void {
  for (const entry of entries) {
    const atMs = Math.max(work.nowMs, work.view(entry).state.sinceMs ?? 0);
    work.evaluate(entry, { type: 'reading', atMs, value, quality: 'good' });
  }
}

export function loseLink(work: UnitOfWork, entries: readonly RuleEntry[]): void {
  for (const entry of entries) work.evaluate(entry, { type: 'source-lost' });
}

/** Does what has come due by server time, one after the other; a server that was away does at once what fell into its absence. */
function passTime(work: UnitOfWork, entry: RuleEntry): void {
  for (;;) {
    const before = work.view(entry).alarm;
    const due = nextDue(entry.definition, before);
    if (due === null || due.atMs > work.nowMs || work.apply(entry, due.event).alarm === before) return;
  }
}

/** A delay may have begun within this unit of work, by a reading just before. */
function pending(work: UnitOfWork, book: RuleBook): ReadonlySet<RuleEntry> {
  return work.changes.size === 0 ? book.pending() : new Set([...book.pending(), ...work.changes.keys()]);
}

/** What came within this unit of work may wait too. By their ids: the order in which their readings came must not matter. */
function awaiting(
  work: UnitOfWork,
  { gateway, atMs }: Extract<EngineInput, { type: 'watermark' }>,
  { book, plant }: RuleSources,
): Iterable<RuleEntry> {
  const due = new Set(book.awaiting(gateway, atMs));
  for (const entry of work.changes.keys())
    if (entry.plan !== null && feedsOf(entry, plant).gateways.includes(gateway)) due.add(entry);
  return due.size < 2 ? due : [...due].sort((a, b) => (a.definition.id < b.definition.id ? -1 : 1));
}
