import type { Reading } from '@plantroom/contracts';
import { closeLate, followLate, openUntilMs, rememberResumed } from '../domain/alarms/late-track.ts';
import type { RuleSources } from './evaluate-input.ts';
import type { RuleEntry } from './rule-book.ts';
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
        const reading = { type: 'reading' as const, atMs, value, quality, reason };
        work.follow(entry, followLate(entry.definition, sidesOf(work, entry), reading));
      }
    }
  }

  /** Something of the gateway has been vouched for. */
  complete(gateway: string): void {
    this.#vouched.add(gateway);
  }

  /** Everything of the gateway up to this wire time has come: a backlog that reaches it has no more to tell. */
  watermark(work: UnitOfWork, { gateway, atMs }: { gateway: string; atMs: number }, sources: RuleSources): void {
    if (!this.#vouched.has(gateway)) return;
    for (const entry of sources.book.followed()) {
      if (sources.plant.points.get(entry.definition.source)?.gateway !== gateway) continue;
      const { late, state } = work.view(entry);
      if ((openUntilMs(late, state) ?? atMs) <= atMs) close(work, entry, sources);
    }
  }

  /** Call each second of server time: ends what no late data continues. A node that is away may bring more when it is back. */
  tick(work: UnitOfWork, sources: RuleSources): void {
    for (const entry of sources.book.followed()) {
      const gateway = sources.plant.points.get(entry.definition.source)?.gateway ?? '';
      if (this.#vouched.has(gateway)) continue;
      const heardMs = this.#heardMs.get(gateway);
      if (heardMs === undefined) this.#heardMs.set(gateway, work.nowMs);
      else if (work.nowMs - heardMs >= quietMs && sources.plant.gateways.get(gateway)?.online === true)
        close(work, entry, sources);
    }
  }
}

function close(work: UnitOfWork, entry: RuleEntry, { current }: RuleSources): void {
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

/** After the first reading since its source was away. */
export function resume(work: UnitOfWork, entry: RuleEntry, atMs: number): void {
  entry.isResuming = false;
  const { late, state } = work.view(entry);
  work.setLate(entry, rememberResumed(late, state, atMs));
}

function sidesOf(work: UnitOfWork, entry: RuleEntry) {
  const { late, state, alarm } = work.view(entry);
  return { late, live: { state, isActive: alarm.flags.active } };
}
