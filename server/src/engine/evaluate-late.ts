import type { Reading } from '@plantroom/contracts';
import { closeLate, followLate, openUntilMs, rememberResumed } from '../domain/alarms/late-track.ts';
import {
  endFollowing,
  follow,
  followsUntilMs,
  presentOf,
  type Signal,
  type Told,
  withoutPast,
} from '../domain/alarms/signal.ts';
import type { Sample } from '../domain/alarms/signal-nodes.ts';
import type { RuleSources } from './evaluate-input.ts';
import type { RuleBook, RuleEntry } from './rule-book.ts';
import { feedsOf } from './rule-feeds.ts';
import { sampleOf } from './signal-samples.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** Without late data of a node that tells no watermark for so long, none is to be expected. */
const quietMs = 5_000;

/** Follows the rules of points through late data, per gateway as long as it brings any. */
export class LateData {
  readonly #heardMs = new Map<string, number>();
  /** Gateways whose watermark is only told when nothing before it is missing. */
  readonly #vouched = new Set<string>();

  evaluate(
    work: UnitOfWork,
    { gateway, readings }: { gateway: string; readings: readonly Reading[] },
    sources: RuleSources,
  ): void {
    this.#heardMs.set(gateway, work.nowMs);
    for (const { point, wireTimeMs: atMs, value, quality, reason } of readings) {
      for (const entry of sources.book.of(point)) {
        if (entry.plan !== null) continue;
        const reading = { type: 'reading' as const, atMs, value, quality, reason };
        work.follow(entry, followLate(entry.definition, sidesOf(work, entry), reading));
      }
    }
    for (const [entry, samples] of samplesOf(readings, sources)) followSignal(work, entry, samples);
  }

  /** Something of the gateway has been vouched for. */
  complete(gateway: string): void {
    this.#vouched.add(gateway);
  }

  /** Everything of the gateway up to this wire time has come: a backlog that reaches it has no more to tell. */
  watermark(work: UnitOfWork, { gateway, atMs }: { gateway: string; atMs: number }, sources: RuleSources): void {
    if (!this.#vouched.has(gateway)) return;
    for (const entry of sources.book.followed()) {
      if (!gatewaysOf(entry, sources).includes(gateway)) continue;
      if (endOf(work, entry) <= atMs) close(work, entry, sources);
    }
    for (const entry of sources.book.recalling(gateway)) this.#letGo(work, entry, sources);
  }

  /** Whether this watermark may end what is kept of rules for late data. */
  mayForget({ gateway }: { gateway: string }, book: RuleBook): boolean {
    return this.#vouched.has(gateway) && book.isRecalling(gateway);
  }

  /** All of its points are heard again, and nothing from before is missing. */
  #letGo(work: UnitOfWork, entry: RuleEntry, { plant, clock }: RuleSources): void {
    const signal = work.signalOf(entry);
    if (signal === null || signal.twin !== null || entry.isResuming || work.view(entry).late.track !== null) return;
    const { atMs, operands } = signal.core;
    if (atMs === null || !operands.every((sample) => sample === null || sample.usable)) return;
    const isWhole = feedsOf(entry, plant).gateways.every((gateway) => {
      const isThere = this.#vouched.has(gateway) && plant.gateways.get(gateway)?.online === true;
      return isThere && (clock.reachedMs(gateway) ?? -Infinity) >= atMs;
    });
    if (isWhole) work.signal(entry, { signal: withoutPast(signal), told: [] });
  }

  /** Call each second of server time: ends what no late data continues. A node that is away may bring more when it is back. */
  tick(work: UnitOfWork, sources: RuleSources): void {
    for (const entry of sources.book.followed()) {
      const gateways = gatewaysOf(entry, sources);
      if (gateways.some((gateway) => this.#vouched.has(gateway))) continue;
      if (gateways.every((gateway) => this.#isQuiet(gateway, work.nowMs, sources))) close(work, entry, sources);
    }
  }

  #isQuiet(gateway: string, nowMs: number, { plant }: RuleSources): boolean {
    const heardMs = this.#heardMs.get(gateway);
    if (heardMs === undefined) this.#heardMs.set(gateway, nowMs);
    return heardMs !== undefined && nowMs - heardMs >= quietMs && plant.gateways.get(gateway)?.online === true;
  }
}

/** Up to when everything has to have come. */
function endOf(work: UnitOfWork, entry: RuleEntry): number {
  const { late, state } = work.view(entry);
  const signal = work.signalOf(entry);
  const untilMs = signal === null ? null : followsUntilMs(signal);
  return Math.max(openUntilMs(late, state) ?? Number.NEGATIVE_INFINITY, untilMs ?? Number.NEGATIVE_INFINITY);
}

function close(work: UnitOfWork, entry: RuleEntry, { current }: RuleSources): void {
  if (entry.plan !== null) {
    closeSignal(work, entry);
    return;
  }
  const held = current.get(entry.definition.source);
  const newest =
    held === undefined
      ? null
      : {
          type: 'reading' as const,
          atMs: held.wireTimeMs,
          value: held.value,
          quality: held.quality,
          reason: held.reason,
        };
  work.follow(entry, closeLate(entry.definition, sidesOf(work, entry), newest));
}

function followSignal(work: UnitOfWork, entry: RuleEntry, samples: readonly Sample[]): void {
  const signal = work.signalOf(entry);
  if (entry.plan === null || signal === null) return;
  tellLate(work, entry, follow(entry.plan, signal, samples));
}

/** What time alone changes up to the end still belongs to the late data. */
function closeSignal(work: UnitOfWork, entry: RuleEntry): void {
  const { late, state } = work.view(entry);
  const signal = work.signalOf(entry);
  if (entry.plan === null || signal === null) return;
  tellLate(work, entry, endFollowing(entry.plan, signal, openUntilMs(late, state) ?? 0));
  const present = presentOf(work.signalOf(entry) ?? signal);
  work.follow(entry, closeLate(entry.definition, sidesOf(work, entry), present));
}

function tellLate(work: UnitOfWork, entry: RuleEntry, outcome: { signal: Signal; told: readonly Told[] }): void {
  work.signal(entry, { signal: outcome.signal, told: [] });
  for (const reading of outcome.told) work.follow(entry, followLate(entry.definition, sidesOf(work, entry), reading));
}

/** By rule, in the order of their times: what several points say together needs them all. */
function samplesOf(readings: readonly Reading[], { book, plant }: RuleSources): Map<RuleEntry, Sample[]> {
  const found = new Map<RuleEntry, Sample[]>();
  for (const { point, wireTimeMs: atMs, value, quality, reason } of readings) {
    for (const entry of book.of(point)) {
      if (entry.plan === null) continue;
      const sample = sampleOf(entry, point, { atMs, value, quality, reason }, plant);
      const list = found.get(entry);
      if (list === undefined) found.set(entry, [sample]);
      else list.push(sample);
    }
  }
  for (const list of found.values()) list.sort((a, b) => a.atMs - b.atMs || a.operand - b.operand);
  return found;
}

function gatewaysOf({ plan, definition }: RuleEntry, { plant }: RuleSources): string[] {
  const points = plan?.points ?? [definition.source];
  return [...new Set(points.map((point) => plant.points.get(point)?.gateway ?? ''))];
}

/** After the first reading since its source was away. */
export function resume(work: UnitOfWork, entry: RuleEntry, atMs: number): void {
  entry.isResuming = false;
  const { late, state } = work.view(entry);
  work.setLate(entry, rememberResumed(late, state, atMs));
}

function sidesOf(work: UnitOfWork, entry: RuleEntry) {
  const { late, state, alarm, held } = work.view(entry);
  return { late, live: { state, isActive: alarm.flags.active || held !== null } };
}
