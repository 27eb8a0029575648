import { isPending, usable } from '../domain/alarms/condition.ts';
import { QuietReadings } from '../domain/alarms/quiet-readings.ts';
import type { RuleSources } from './evaluate-input.ts';
import type { RuleEntry } from './rule-book.ts';
import { feedsOf } from './rule-feeds.ts';
import type { Known } from './signal-samples.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** Hot path: passes over a reading of a rule over several points that changes nothing of it, as nearly all do. False: it has to be looked at. */
export function passQuietly(
  work: UnitOfWork,
  entry: RuleEntry,
  { point, known }: { point: string; known: Known },
  { plant, clock }: Pick<RuleSources, 'plant' | 'clock'>,
): boolean {
  const { plan, signal, definition } = entry;
  if (plan === null || signal === null || entry.isResuming || entry.held !== null || isPending(entry.state))
    return false;
  if (!usable(known.quality, known.reason) || work.changes.has(entry)) return false;
  const { gateways, away } = feedsOf(entry, plant);
  const [gateway] = gateways;
  const operand = plan.points.indexOf(point);
  if (gateway === undefined || gateways.length > 1 || away[operand]) return false;
  // A cause that is looked at tells those that wait for it.
  if (entry.quiet === null && definition.suppresses === undefined)
    entry.quiet = QuietReadings.beside(plan, signal, { gateway, clock });
  return entry.quiet?.note(operand, known) ?? false;
}
