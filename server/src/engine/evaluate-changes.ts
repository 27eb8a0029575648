import { lookAnew, type RuleSources } from './evaluate-input.ts';
import type { RuleBookChange } from './rule-book.ts';
import type { UnitOfWork } from './unit-of-work.ts';

export function isAnyChange(changes: readonly RuleBookChange[]): boolean {
  return changes.some(({ added, changed, withdrawn }) => added.length + changed.length + withdrawn.length > 0);
}

/** Tells alarms that their definition is another now, and looks at the value under the new one. */
export function evaluateChanges(
  work: UnitOfWork,
  changes: readonly RuleBookChange[],
  sources: RuleSources & { watermarkOf: (gateway: string) => number | null },
): void {
  const event = { type: 'configured' as const, user: null, comment: null };
  const changed = changes.flatMap((change) => change.changed);
  for (const entry of changes.flatMap((change) => change.withdrawn)) {
    work.apply(entry, { ...event, withdrawn: true });
    work.forget(entry);
  }
  for (const entry of changed) work.apply(entry, { ...event, withdrawn: false });
  for (const entry of [...changed, ...changes.flatMap((change) => change.added)]) {
    const gateway = sources.plant.points.get(entry.definition.source)?.gateway;
    lookAnew(work, entry, sources, gateway === undefined ? null : sources.watermarkOf(gateway));
  }
}
