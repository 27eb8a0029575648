import type { AlarmDefinition } from '@plantroom/contracts';
import { firstOutOf } from '../domain/suppression/first-out.ts';
import { heldOnsetMs } from '../domain/suppression/held-alarm.ts';
import { ruleOf } from '../domain/suppression/plant-graph.ts';
import { possibleCauses } from '../domain/suppression/possible-causes.ts';
import { defaultCauseWaitMs } from '../domain/suppression/standing.ts';
import { deadlocked, Suppressor } from '../domain/suppression/suppressor.ts';
import type { RuleSources } from './evaluate-input.ts';
import { PlantLinks } from './plant-links.ts';
import type { RuleEntry } from './rule-book.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** Suppressed alarms are looked at again as often as this, and whenever a cause changes. */
const sweepMs = 1_000;

/**
 * Decides at the end of each unit of work which alarms follow from others. What has been raised waits only as long as something that may be its
 * cause is not known; what has been announced stays visible.
 */
export class SuppressionDesk {
  readonly #sources: RuleSources;
  #sweptMs = Number.NEGATIVE_INFINITY;

  constructor(sources: RuleSources) {
    this.#sources = sources;
  }

  /** How long an alarm may wait for its cause; null: nothing can be one. */
  waitOf(work: UnitOfWork, { definition }: RuleEntry): number | null {
    const links = new PlantLinks(this.#sources, work);
    if (possibleCauses(links, definition).length === 0) return null;
    return definition.causeWaitMs ?? defaultCauseWaitMs;
  }

  settle(work: UnitOfWork): void {
    const isDue = work.nowMs - this.#sweptMs >= sweepMs || work.nowMs < this.#sweptMs;
    if (isDue) this.#sweptMs = work.nowMs;
    if (isDue || isMoved(work)) {
      const links = new PlantLinks(this.#sources, work);
      const suppressor = new Suppressor(links, links);
      // One decision gives knowledge to the next: until nothing changes any more.
      for (let again = true; again; ) again = this.#release(work, suppressor) || this.#sweep(work, suppressor);
    }
    if (isDue || work.orderEffects.length > 0) this.#settleOrders(work, isDue);
    this.#group(work);
  }

  #release(work: UnitOfWork, suppressor: Suppressor): boolean {
    const waiting = [...new Set([...this.#sources.book.held(), ...work.changes.keys()])]
      .flatMap((entry) => {
        const { held } = work.view(entry);
        return held === null ? [] : [{ entry, held, onsetMs: heldOnsetMs(held) }];
      })
      .sort((a, b) => a.onsetMs - b.onsetMs || (a.entry.definition.id < b.entry.definition.id ? -1 : 1));
    let isAny = false;
    const raised = new Set(waiting.map(({ entry }) => entry.definition.id));
    const waits = new Map<string, readonly string[]>();
    const expired = new Map<string, readonly string[]>();
    for (const { entry, held, onsetMs } of waiting) {
      const { id } = entry.definition;
      const judgement = suppressor.judge(entry.definition, onsetMs);
      const on = judgement.is === 'unknown' ? judgement.on : [];
      // What has been raised and waits for its own cause will hide it, whether it is shown itself or not.
      const ofRaised = on.filter((cause) => raised.has(cause));
      if (on.length > 0 && work.nowMs < held.untilMs) waits.set(id, on);
      else if (ofRaised.length > 0) expired.set(id, ofRaised);
      else {
        work.release(entry, judgement.is === 'suppressed' ? judgement.cause : null);
        isAny = true;
      }
    }
    if (isAny) return true;
    const ring = deadlocked(new Map([...waits, ...expired]));
    const first = waiting.find(({ entry }) => entry.definition.id === ring);
    if (first !== undefined) work.release(first.entry, null);
    return first !== undefined;
  }

  #sweep(work: UnitOfWork, suppressor: Suppressor): boolean {
    let isAny = false;
    for (const entry of new Set([...this.#sources.book.suppressed(), ...work.changes.keys()])) {
      const { alarm, state } = work.view(entry);
      for (const cause of alarm.suppressedBy) {
        // Not an alarm: somebody else's to end.
        if (!cause.includes('#')) continue;
        const onsetMs = alarm.flags.active ? (state.sinceMs ?? alarm.onsetMs) : null;
        const kept = suppressor.keep(entry.definition, { onsetMs: state.holds ? onsetMs : null, cause });
        if (kept === cause) continue;
        // It is on its way back: nothing to be told of any more.
        if (kept === undefined && alarm.flags.active && !state.holds && !state.uncertain) continue;
        const how = { atMs: work.nowMs, user: null, comment: null };
        if (kept !== undefined && !alarm.suppressedBy.includes(kept))
          work.apply(entry, { type: 'suppress', cause: kept, ...how });
        work.apply(entry, { type: 'unsuppress', cause, ...how });
        if (kept !== undefined) work.lead(entry, kept);
        isAny = true;
      }
    }
    return isAny;
  }

  /** An order that something else explains waits; when that is over and the alarm still stands, it is asked for. */
  #settleOrders(work: UnitOfWork, isDue: boolean): void {
    const links = new PlantLinks(this.#sources, work);
    const suppressor = new Suppressor(links, links);
    const explains = (entry: RuleEntry, waits: boolean): string | undefined => {
      const onsetMs = work.view(entry).state.sinceMs ?? onsetOf(work, entry);
      return suppressor.withholder(entry.definition, { onsetMs, waits });
    };
    for (const { entry, effect } of [...work.orderEffects]) {
      if (effect.type !== 'request-order') continue;
      const cause = explains(entry, false);
      if (cause !== undefined) work.withholdOrder(entry, cause);
    }
    if (!isDue) return;
    for (const entry of this.#sources.book.withheld()) {
      const { active, suppressed, outOfService } = work.view(entry).alarm.flags;
      // Over, or hidden since: it asks for its order itself when it comes to light.
      const isOver = !active || suppressed || outOfService;
      if (!isOver && explains(entry, true) !== undefined) continue;
      work.withholdOrder(entry, null);
      if (!isOver) work.askForOrder(entry);
    }
  }

  /** First-out: what follows carries the id of what came first. */
  #group(work: UnitOfWork): void {
    if (work.activated.size === 0) return;
    const links = new PlantLinks(this.#sources, work);
    const suppressor = new Suppressor(links, links);
    const standing = [...new Set([...this.#sources.book.standing(), ...work.changes.keys()])];
    const byOnset = (a: RuleEntry, b: RuleEntry): number =>
      onsetOf(work, a) - onsetOf(work, b) || (a.definition.id < b.definition.id ? -1 : 1);
    // What has come with it and has not had its turn does not lead it.
    for (const entry of [...work.activated].sort(byOnset)) {
      const isKin = this.#kinOf(entry.definition, links, suppressor);
      const others = standing.filter((other) => !work.activated.has(other) && isKin(other.definition));
      work.activated.delete(entry);
      const first = firstOutOf(
        work.view(entry).alarm,
        others.map((other) => work.view(other).alarm),
      );
      if (first !== null) work.lead(entry, first);
    }
  }

  /** Of one family, or the same of two that hang on something that nobody can hear. */
  #kinOf(definition: AlarmDefinition, links: PlantLinks, suppressor: Suppressor): (other: AlarmDefinition) => boolean {
    const { id, equipment } = definition;
    if (equipment === null) return () => false;
    const family = links.familyOf(equipment);
    const unheard = new Set(suppressor.unheard(definition));
    return (other) => {
      if (other.equipment === null) return false;
      if (links.familyOf(other.equipment) === family) return true;
      if (unheard.size === 0 || ruleOf(other.id) !== ruleOf(id)) return false;
      return suppressor.unheard(other).some((cause) => unheard.has(cause));
    };
  }
}

/** Whether a cause has changed, or something that waits for its own. */
function isMoved({ changes }: UnitOfWork): boolean {
  for (const [{ definition }, { held }] of changes)
    if (definition.suppresses !== undefined || held !== null) return true;
  return false;
}

function onsetOf(work: UnitOfWork, entry: RuleEntry): number {
  return work.view(entry).alarm.onsetMs ?? 0;
}
